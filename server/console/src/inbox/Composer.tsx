import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useMe } from "../api/queries.ts";
import type { ConversationSummary } from "../api/types.ts";
import { useShortcut } from "../app/shortcuts.ts";
import { send } from "../live/sending.ts";
import { typing } from "../live/socket.ts";
import { now } from "../words/clock.ts";
import classes from "./Composer.module.css";
import { type Draft, keepDraft, recallDraft, type Surface } from "./drafts.ts";

/** The server's limit of a body. */
const MOST_LETTERS = 10_000;
const TYPING_EVERY_MS = 3_000;

function useDraft(conversation: string): [Draft, (change: Partial<Draft>) => void] {
  const teammate = useMe().teammate.id;
  const [draft, setDraft] = useState(() => recallDraft(teammate, conversation));
  const change = (by: Partial<Draft>) => {
    const next = { ...draft, ...by };
    setDraft(next);
    keepDraft(teammate, conversation, next);
  };
  return [draft, change];
}

/** Tells the visitor that someone is typing, once in three seconds. */
function useTypingSignal(conversation: string): () => void {
  const last = useRef(0);
  return () => {
    if (now() - last.current < TYPING_EVERY_MS) return;
    last.current = now();
    typing(conversation);
  };
}

/** As high as its words, up to the height that the style sheet allows. */
function useGrowing(text: string) {
  const ref = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const area = ref.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);
  return ref;
}

/** Enter sends; not while an input method still composes, where Enter only picks a word. */
function sends(event: KeyboardEvent): boolean {
  const composing = event.nativeEvent.isComposing || event.keyCode === 229;
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !composing;
}

function Tabs({ surface, onPick }: { surface: Surface; onPick: (surface: Surface) => void }) {
  const { t } = useLingui();
  const tabs = [
    { surface: "message", name: t`Reply`, hook: "tab-reply", key: "R" },
    { surface: "note", name: t`Note`, hook: "tab-note", key: "N" },
  ] as const;
  return (
    <div className={classes.tabs} role="tablist" aria-label={t`Who will read this`}>
      {tabs.map((tab) => (
        <button
          key={tab.surface}
          type="button"
          role="tab"
          id={tab.hook}
          aria-selected={surface === tab.surface}
          aria-controls="composer-panel"
          tabIndex={surface === tab.surface ? 0 : -1}
          title={t`Shortcut: ${tab.key}`}
          data-testid={tab.hook}
          onClick={() => onPick(tab.surface)}
          onKeyDown={(event) => {
            if (event.key === "ArrowRight" || event.key === "ArrowLeft")
              onPick(surface === "message" ? "note" : "message");
          }}
        >
          {tab.name}
        </button>
      ))}
    </div>
  );
}

function Hint({ surface, name, closed }: { surface: Surface; name: string; closed: boolean }) {
  if (surface === "note") return <Trans>Only teammates see this.</Trans>;
  if (closed) return <Trans>Closed. {name} will still get your reply.</Trans>;
  return <Trans>Enter sends, Shift Enter starts a new line.</Trans>;
}

/** Reply and note are two surfaces that cannot be mistaken; each keeps its own draft. */
export function Composer({ conversation }: { conversation: ConversationSummary }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [draft, change] = useDraft(conversation.id);
  const signal = useTypingSignal(conversation.id);
  const { surface } = draft;
  const text = draft[surface];
  const area = useGrowing(text);
  const name = conversation.person.label;
  const pick = (next: Surface) => {
    change({ surface: next });
    area.current?.focus();
  };
  useShortcut("r", () => pick("message"));
  useShortcut("n", () => pick("note"));
  useEffect(() => {
    if (matchMedia("(min-width: 700px) and (pointer: fine)").matches)
      area.current?.focus({ preventScroll: true });
  }, [area]);
  const submit = () => {
    const body = text.trim();
    if (body === "") return;
    change({ [surface]: "" });
    void send(client, conversation.id, surface, body);
    area.current?.focus();
  };
  return (
    <div className={classes.composer} data-surface={surface}>
      <div className={classes.card}>
        <Tabs surface={surface} onPick={pick} />
        <div
          id="composer-panel"
          role="tabpanel"
          aria-labelledby={surface === "note" ? "tab-note" : "tab-reply"}
        >
          <textarea
            ref={area}
            className={classes.text}
            rows={2}
            maxLength={MOST_LETTERS}
            dir="auto"
            value={text}
            aria-label={surface === "note" ? t`Note to teammates` : t`Reply to ${name}`}
            placeholder={surface === "note" ? t`Write a note to your teammates` : t`Write to ${name}`}
            data-testid="composer"
            onChange={(event) => {
              change({ [surface]: event.currentTarget.value });
              if (surface === "message") signal();
            }}
            onKeyDown={(event) => {
              if (event.key === "Escape") event.currentTarget.blur();
              if (!sends(event)) return;
              event.preventDefault();
              submit();
            }}
          />
          <div className={classes.foot}>
            <p className={classes.hint}>
              <Hint surface={surface} name={name} closed={conversation.state === "closed"} />
            </p>
            <Button
              size="xs"
              disabled={text.trim() === ""}
              onClick={submit}
              className={classes.send}
              data-testid="send"
            >
              {surface === "note" ? <Trans>Add note</Trans> : <Trans>Send</Trans>}
            </Button>
          </div>
        </div>
      </div>
    </div>
  );
}
