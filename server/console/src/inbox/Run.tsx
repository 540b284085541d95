import { Trans } from "@lingui/react/macro";
import { IconLock, IconSparkles } from "@tabler/icons-react";
import { useMe } from "../api/queries.ts";
import type { Part } from "../api/types.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Time } from "../ui/Time.tsx";
import { Bubble } from "./Bubble.tsx";
import classes from "./Run.module.css";

/** Who speaks, said once: and for a note or an auto-message, that it is one. */
function Speaker({ part, mine }: { part: Part; mine: boolean }) {
  const name = part.author.name ?? "";
  return (
    <p className={classes.speaker}>
      {part.kind === "note" && (
        <span className={classes.note}>
          <IconLock size={12} aria-hidden="true" /> <Trans>Note, only for teammates</Trans>
        </span>
      )}
      {part.author.kind === "rule" && (
        <span className={classes.auto}>
          <IconSparkles size={12} aria-hidden="true" /> <Trans>Auto-message</Trans>
        </span>
      )}
      <span className={classes.name}>{mine ? <Trans>You</Trans> : name}</span>
      <Time at={part.created_at} as="clock" />
    </p>
  );
}

function surface(part: Part): "note" | "visitor" | "ours" {
  if (part.kind === "note") return "note";
  return part.author.kind === "visitor" ? "visitor" : "ours";
}

interface RunProps {
  parts: readonly Part[];
  seenSeq: number | null;
  personColor: string;
}

/** What one speaker said in one go. */
export function Run({ parts, seenSeq, personColor }: RunProps) {
  const me = useMe();
  const first = parts[0];
  if (first === undefined) return null;
  const side = surface(first);
  const mine = first.author.kind === "teammate" && first.author.id === me.teammate.id;
  return (
    <article className={classes.run} data-side={side}>
      {side !== "ours" && (
        <Avatar
          name={first.author.name ?? "?"}
          image={first.author.avatar}
          color={side === "visitor" ? personColor : undefined}
          size={28}
        />
      )}
      <div className={classes.words}>
        <Speaker part={first} mine={mine} />
        {parts.map((part) => (
          <div
            key={part.id}
            className={classes.part}
            data-testid="part"
            data-kind={part.kind}
            data-seq={part.seq}
          >
            <Bubble side={side} text={part.body ?? ""} at={part.created_at} page={part.page ?? null} />
            {part.seq === seenSeq && (
              <p className={classes.seen} data-testid="seen">
                <Trans>Seen</Trans>
              </p>
            )}
          </div>
        ))}
      </div>
    </article>
  );
}
