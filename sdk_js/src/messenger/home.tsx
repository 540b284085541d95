import type { JSX } from "preact";
import type { Conversation } from "../wire";
import { Face, Faces, Icon } from "./face";
import type { Scene } from "./scene";
import { conversationsOf } from "./state";
import { ago, full, greeting } from "./times";

/** How soon an answer may be expected, said the same everywhere. */
export function expectation({ state, words }: Scene): string {
  if (!state.home) return words.here;
  if (!state.home.online) return words.away;
  return state.home.reply_time ? words[state.home.reply_time] : words.here;
}

/** What a stranger sees first: who we are, how soon we answer, and what was said before. */
export function HomeView({ scene }: { scene: Scene }): JSX.Element {
  const { state, words, name, chat, now } = scene;
  const conversations = conversationsOf(state);
  return (
    <div class="home">
      <header class="hello">
        <div class="row">
          <span class="brand" dir="auto">
            {name}
          </span>
          <Faces of={state.home?.team ?? []} name={name} />
          <button
            type="button"
            class="tool"
            aria-label={words.close}
            data-testid="close"
            onClick={chat.close}
          >
            <Icon of="close" />
          </button>
        </div>
        <h1>
          {greeting(now, words)}
          <span>{words.how}</span>
        </h1>
      </header>
      <div class="cardlist">
        <button
          type="button"
          class="tile write"
          data-testid="new-message"
          onClick={() => chat.go({ name: "thread", thread: "new" })}
        >
          <span>
            <b>{words.write}</b>
            <small class={state.home?.online ? "online" : ""}>{expectation(scene)}</small>
          </span>
          <Icon of="write" />
        </button>
        {conversations.length > 0 && (
          <section class="tile list" aria-label={words.conversations}>
            <h2>{words.conversations}</h2>
            {conversations.map((one) => (
              <Row key={one.id} scene={scene} one={one} />
            ))}
          </section>
        )}
      </div>
    </div>
  );
}

function Row({ scene, one }: { scene: Scene; one: Conversation }): JSX.Element {
  const { words, name, language, now, chat } = scene;
  const last = one.last_part;
  const speaker = last && last.author.kind !== "visitor" ? last.author : one.assignee;
  const who = speaker?.name || one.team?.name || name;
  const said = last?.body ?? "";
  const excerpt = last?.author.kind === "visitor" ? words.mine.replace("{text}", () => said) : said;
  const open = (): void => chat.go({ name: "thread", thread: one.id });
  return (
    <button
      type="button"
      class="conversation"
      data-testid="conversation-row"
      data-unread={one.unread || undefined}
      onClick={open}
    >
      <Face of={speaker ?? { name: who, avatar: null }} name={who} />
      <span class="words">
        <b dir="auto">{who}</b>
        <span class="excerpt" dir="auto">
          {excerpt}
        </span>
      </span>
      <span class="aside">
        <time dateTime={one.updated_at} title={full(one.updated_at, language)}>
          {ago(one.updated_at, now, language, words)}
        </time>
        {one.unread > 0 && (
          <i role="img" aria-label={words.unread.replace("{count}", String(one.unread))}>
            {one.unread}
          </i>
        )}
      </span>
    </button>
  );
}
