import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Face as Person } from "../wire";
import { type Bubble, bubblesOf } from "./bubbles";
import { Composer } from "./composer";
import { Face, Faces, Icon } from "./face";
import { expectation } from "./home";
import type { Scene } from "./scene";
import type { View } from "./state";
import { clock, day, full } from "./times";

type ThreadView = Extract<View, { name: "thread" }>;

/** How far from the end somebody may have scrolled and still be following. */
const NEAR_PX = 80;

/** One conversation, or one that begins. */
export function Thread({ scene, view }: { scene: Scene; view: ThreadView }): JSX.Element {
  const { state, words } = scene;
  const { thread, delivery } = view;
  const conversation = state.conversations[thread];
  const bubbles = bubblesOf(
    {
      parts: state.parts[thread] ?? [],
      pending: state.pending.filter((one) => one.thread === thread),
      delivery,
      seenSeq: conversation?.teammate_read_seq ?? 0,
    },
    new Date(scene.now).toISOString(),
  );
  const typing = state.typing[thread];
  const log = useFollow(bubbles, typing);
  const lastMine = bubbles.findLast(({ author }) => author.kind === "visitor")?.key;
  return (
    <div class="thread">
      <Head scene={scene} thread={thread} bubbles={bubbles} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="log" role="log" aria-live="polite" aria-label={words.messages} tabIndex={0} ref={log}>
        {bubbles.length === 0 &&
          (conversation ? <p class="note">{words.loading}</p> : <Invitation scene={scene} />)}
        {bubbles.map((one) => (
          <Message key={one.key} scene={scene} one={one} tell={one.key === lastMine} />
        ))}
        {typing && (
          <p class="typing">
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            <span dir="auto">{words.typing.replace("{name}", typing)}</span>
          </p>
        )}
        {conversation?.state === "closed" && <p class="note">{words.closed}</p>}
      </div>
      {state.offline && (
        <p class="offline" role="status">
          {words.offline}
        </p>
      )}
      <Composer scene={scene} thread={thread} />
    </div>
  );
}

/** Keeps the end in sight for those who are there. */
function useFollow(bubbles: Bubble[], typing: string | undefined): { current: HTMLDivElement | null } {
  const log = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const last = bubbles.at(-1);
  useLayoutEffect(() => {
    const area = log.current;
    if (!area) return;
    const near = height.current - area.scrollTop - area.clientHeight < NEAR_PX;
    if (near || last?.standing === "sending") area.scrollTop = area.scrollHeight;
    height.current = area.scrollHeight;
  }, [last?.key, bubbles.length, typing]);
  return log;
}

function Head({ scene, thread, bubbles }: { scene: Scene; thread: string; bubbles: Bubble[] }): JSX.Element {
  const { state, words, chat, name } = scene;
  const conversation = state.conversations[thread];
  const met = bubbles.findLast(({ author }) => author.kind === "teammate")?.author;
  const one: Person | null = conversation?.assignee ?? met ?? null;
  const team = conversation?.team?.name || name;
  return (
    <header class="head">
      <button
        type="button"
        class="tool"
        aria-label={words.back}
        data-testid="back"
        onClick={() => chat.go({ name: "home" })}
      >
        <Icon of="back" />
      </button>
      {one ? <Face of={one} name={team} /> : <Faces of={state.home?.team ?? []} name={team} />}
      <div class="title">
        <b dir="auto">{one?.name || team}</b>
        <small class={state.home?.online ? "online" : ""}>{expectation(scene)}</small>
      </div>
      <button type="button" class="tool" aria-label={words.close} data-testid="close" onClick={chat.close}>
        <Icon of="close" />
      </button>
    </header>
  );
}

function Invitation({ scene }: { scene: Scene }): JSX.Element {
  const { state, words, name } = scene;
  return (
    <div class="invitation">
      <Faces of={state.home?.team ?? []} name={name} />
      <p>{words.invite}</p>
    </div>
  );
}

function Message({ scene, one, tell }: { scene: Scene; one: Bubble; tell: boolean }): JSX.Element {
  const { words, language, now, chat, name } = scene;
  const [shown, show] = useState(false);
  const { author, standing } = one;
  const mine = author.kind === "visitor";
  const who = mine ? words.you : author.name || name;
  const state = standing && (tell || standing === "failed") ? words[standing] : "";
  return (
    <>
      {one.newDay && <p class="day">{day(one.at, now, language, words)}</p>}
      <div
        class={`message${mine ? " mine" : ""}${one.first ? " first" : ""}${one.last ? " last" : ""}${shown ? " shown" : ""}`}
        data-testid="message"
        data-kind={author.kind}
        data-seq={one.seq ?? undefined}
        data-state={standing ?? undefined}
      >
        {!mine && one.first && <Face of={author} name={who} />}
        <span class={one.first && !mine ? "who" : "hidden"} dir="auto">
          {who}
        </span>
        {/* biome-ignore lint/a11y: a tap shows the time, which is also in the title and read out */}
        <p class="body" dir="auto" title={full(one.at, language)} onClick={() => show(!shown)}>
          {one.body}
        </p>
        <span class="meta">
          <time dateTime={one.at}>{clock(one.at, language)}</time>
          {state && <span class="state">{state}</span>}
          {standing === "failed" && (
            <button type="button" onClick={() => chat.retry(one.clientId as string)}>
              {words.retry}
            </button>
          )}
        </span>
      </div>
    </>
  );
}
