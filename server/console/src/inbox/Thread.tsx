import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { ConversationSummary, Part } from "../api/types.ts";
import { pending } from "../live/outbox.ts";
import { useOutbox } from "../live/outboxStore.ts";
import { useThread } from "../live/parts.ts";
import { useTyping } from "../live/typing.ts";
import { Failed } from "../ui/states.tsx";
import { useNow } from "../words/clock.ts";
import { localeTag } from "../words/language.ts";
import { day } from "../words/time.ts";
import { OutgoingBubble } from "./OutgoingBubble.tsx";
import { Run } from "./Run.tsx";
import { type Row, rows } from "./rows.ts";
import { SystemLine } from "./SystemLine.tsx";
import classes from "./Thread.module.css";
import { useReading } from "./useReading.ts";
import { useStickToEnd } from "./useStickToEnd.ts";

function Day({ at }: { at: number }) {
  const { i18n } = useLingui();
  const now = useNow();
  return (
    <div className={classes.day}>
      <span>{day(at, now, localeTag(i18n.locale))}</span>
    </div>
  );
}

interface ThreadRowProps {
  row: Row;
  seenSeq: number | null;
  personColor: string;
}

function ThreadRow({ row, seenSeq, personColor }: ThreadRowProps) {
  switch (row.is) {
    case "day":
      return <Day at={row.at} />;
    case "unread":
      return (
        <div className={classes.unread}>
          <Trans>New since you last read</Trans>
        </div>
      );
    case "system":
      return <SystemLine part={row.part} />;
    case "run":
      return <Run parts={row.parts} seenSeq={seenSeq} personColor={personColor} />;
  }
}

/** "Seen" stands once, under the last of our messages that the visitor has read. */
function lastSeen(parts: readonly Part[], readByVisitor: number | undefined): number | null {
  if (readByVisitor === undefined) return null;
  const ours = parts.filter((part) => part.kind === "message" && part.author.kind === "teammate");
  return ours.findLast((part) => part.seq <= readByVisitor)?.seq ?? null;
}

function Typing({ conversation }: { conversation: string }) {
  const name = useTyping(conversation);
  return (
    <p className={classes.typing} aria-live="polite">
      {name !== null && (
        <>
          <span className={classes.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <Trans>{name} is typing…</Trans>
        </>
      )}
    </p>
  );
}

export function Thread({ conversation }: { conversation: ConversationSummary }) {
  const { t } = useLingui();
  const query = useThread(conversation.id);
  const parts = query.data?.parts ?? [];
  const [readWhenOpened] = useState(conversation.read_seq);
  const going = pending(useOutbox(), conversation.id, parts);
  const built = useMemo(() => rows(parts, readWhenOpened), [parts, readWhenOpened]);
  const stick = useStickToEnd(parts.length + going.length, going.length);
  const seenSeq = lastSeen(parts, conversation.visitor_read_seq);
  useReading(conversation, query.data?.lastSeq ?? 0);
  if (query.isPending) return <LoadingThread />;
  if (query.isError && !query.data) return <Failed error={query.error} again={() => void query.refetch()} />;
  return (
    <div className={classes.frame}>
      <div
        ref={stick.ref}
        className={classes.thread}
        data-testid="thread"
        role="log"
        aria-label={t`Conversation with ${conversation.person.label}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
        tabIndex={0}
      >
        <div className={classes.column}>
          {built.map((row) => (
            <ThreadRow key={row.key} row={row} seenSeq={seenSeq} personColor={conversation.person.color} />
          ))}
          {going.map((outgoing) => (
            <OutgoingBubble key={outgoing.clientId} outgoing={outgoing} />
          ))}
          <Typing conversation={conversation.id} />
        </div>
      </div>
      {stick.below && (
        <button type="button" className={classes.down} onClick={stick.toEnd}>
          <IconArrowDown size={14} aria-hidden="true" /> <Trans>New messages</Trans>
        </button>
      )}
    </div>
  );
}

function LoadingThread() {
  return (
    <div className={classes.frame} aria-busy="true">
      <div className={classes.thread}>
        <div className={classes.column}>
          {[58, 40, 66].map((width, index) => (
            <Skeleton
              key={width}
              height={52}
              width={`${width}%`}
              radius="lg"
              ml={index === 1 ? "auto" : 0}
              mb={16}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
