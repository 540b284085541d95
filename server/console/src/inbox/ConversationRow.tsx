import { Trans, useLingui } from "@lingui/react/macro";
import { VisuallyHidden } from "@mantine/core";
import { Link } from "wouter";
import type { ConversationSummary } from "../api/types.ts";
import { useTyping } from "../live/typing.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Time } from "../ui/Time.tsx";
import { useNow } from "../words/clock.ts";
import { localeTag } from "../words/language.ts";
import { country } from "../words/names.ts";
import { full, instant, span } from "../words/time.ts";
import classes from "./ConversationRow.module.css";
import { viewPath } from "./views.ts";

function LastWords({ conversation }: { conversation: ConversationSummary }) {
  const typing = useTyping(conversation.id);
  const last = conversation.last_part;
  if (typing !== null)
    return (
      <span className={classes.typing}>
        <Trans>is typing…</Trans>
      </span>
    );
  if (last === null || last.body === null)
    return (
      <span>
        <Trans>No words yet</Trans>
      </span>
    );
  return (
    <span dir="auto">
      {last.kind === "note" && (
        <span className={classes.note}>
          <Trans>Note:</Trans>{" "}
        </span>
      )}
      {last.kind === "message" && last.author.kind === "teammate" && (
        <span className={classes.by}>{last.author.name?.split(/[\s(（]/u)[0]}: </span>
      )}
      {last.body}
    </span>
  );
}

const MINUTE = 60_000;

function Wait({ since }: { since: string }) {
  const { i18n } = useLingui();
  const now = useNow();
  const locale = localeTag(i18n.locale);
  const waited = now - instant(since);
  const time = span(waited, locale);
  return (
    <span className={classes.wait} title={full(instant(since), locale)}>
      {waited < MINUTE ? <Trans>just wrote</Trans> : <Trans>waits {time}</Trans>}
    </span>
  );
}

/** Where it started and from where, in as few words as tell conversations apart. */
function Origin({ conversation }: { conversation: ConversationSummary }) {
  const { i18n } = useLingui();
  const code = conversation.person.country;
  const parts = [
    code === null ? null : country(code, localeTag(i18n.locale)),
    conversation.started_page?.path ?? null,
  ].filter((each) => each !== null);
  return <span className={classes.origin}>{parts.join(" · ")}</span>;
}

interface RowProps {
  conversation: ConversationSummary;
  view: string;
  here: boolean;
}

export function ConversationRow({ conversation, view, here }: RowProps) {
  const { person, unread, waiting_since: since, assignee, team } = conversation;
  const holder = assignee?.name ?? team?.name ?? null;
  return (
    <Link
      href={viewPath(view, conversation.id)}
      className={classes.row}
      aria-current={here ? "true" : undefined}
      data-unread={unread > 0}
      data-testid="conversation-row"
      data-id={conversation.id}
    >
      <Avatar name={person.label} color={person.color} size={36} online={person.online} />
      <span className={classes.body}>
        <span className={classes.top}>
          <span className={classes.name}>{person.label}</span>
          <Time
            at={conversation.last_part?.created_at ?? conversation.updated_at}
            as="brief"
            className={classes.time}
          />
        </span>
        <span className={classes.middle}>
          <span className={classes.words}>
            <LastWords conversation={conversation} />
          </span>
          {unread > 0 && (
            <span className={classes.unread}>
              {unread}
              <VisuallyHidden>
                {" "}
                <Trans>unread</Trans>
              </VisuallyHidden>
            </span>
          )}
        </span>
        <span className={classes.bottom}>
          {since !== null && <Wait since={since} />}
          <Origin conversation={conversation} />
          {holder !== null && <span className={classes.holder}>{holder}</span>}
        </span>
      </span>
    </Link>
  );
}
