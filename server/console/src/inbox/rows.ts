import type { Part } from "../api/types.ts";
import { instant, sameDay } from "../words/time.ts";

/** Words of one person that follow each other within this time stand together under one name. */
const RUN_MS = 5 * 60_000;

export type Row =
  | { readonly is: "day"; readonly key: string; readonly at: number }
  | { readonly is: "unread"; readonly key: string }
  | { readonly is: "system"; readonly key: string; readonly part: Part }
  | { readonly is: "run"; readonly key: string; readonly parts: readonly Part[] };

function spoken(part: Part): boolean {
  return part.kind === "message" || part.kind === "note";
}

function continues(run: Row | undefined, part: Part): run is Extract<Row, { is: "run" }> {
  if (run?.is !== "run" || !spoken(part)) return false;
  const last = run.parts[run.parts.length - 1];
  return (
    last !== undefined &&
    last.kind === part.kind &&
    last.author.kind === part.author.kind &&
    last.author.id === part.author.id &&
    instant(part.created_at) - instant(last.created_at) < RUN_MS
  );
}

function row(part: Part): Row {
  return spoken(part) ? { is: "run", key: part.id, parts: [part] } : { is: "system", key: part.id, part };
}

/** A thread as it is read: days, runs of one speaker, system lines, and a line before the first unread words. */
export function rows(parts: readonly Part[], readSeq: number): Row[] {
  const built: Row[] = [];
  let previous: Part | null = null;
  let marked = false;
  for (const part of parts) {
    if (previous === null || !sameDay(instant(previous.created_at), instant(part.created_at)))
      built.push({ is: "day", key: `day-${part.id}`, at: instant(part.created_at) });
    if (!marked && part.seq > readSeq && part.author.kind === "visitor" && part.kind === "message") {
      marked = true;
      if (readSeq > 0) built.push({ is: "unread", key: "unread" });
    }
    const last = built[built.length - 1];
    if (continues(last, part)) built[built.length - 1] = { ...last, parts: [...last.parts, part] };
    else built.push(row(part));
    previous = part;
  }
  return built;
}
