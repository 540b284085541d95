import type { Author, Delivery, Part } from "../wire";
import type { Pending } from "./state";

export type Standing = "sending" | "sent" | "seen" | "failed";

/** One message as the thread shows it. */
export interface Bubble {
  key: string;
  seq: number | null;
  author: Author;
  body: string;
  at: string;
  standing: Standing | null;
  clientId: string | null;
  /** A new day begins with it. */
  newDay: boolean;
  /** The first, the last of a run by one author within some minutes. */
  first: boolean;
  last: boolean;
}

const ME: Author = { kind: "visitor", id: null, name: null, avatar: null };
/** A pause longer than this ends a run. */
const RUN_MS = 5 * 60_000;

export interface Thread {
  parts: Part[];
  pending: Pending[];
  delivery?: Delivery;
  /** Up to which number a teammate has read. */
  seenSeq: number;
}

/** The messages of a thread in order: the auto-message it answers, what was said, what is on its way. */
export function bubblesOf({ parts, pending, delivery, seenSeq }: Thread, now: string): Bubble[] {
  const said = parts.filter(({ kind }) => kind === "message").map((part) => ofPart(part, seenSeq));
  const asked = delivery && said.length === 0 ? [ofDelivery(delivery, pending[0]?.at ?? now)] : [];
  const all = [...asked, ...said, ...pending.map(ofPending)];
  return all.map((one, at) => {
    const before = all[at - 1];
    const after = all[at + 1];
    const newDay = !before || dayOf(before.at) !== dayOf(one.at);
    const last = !after || dayOf(after.at) !== dayOf(one.at) || !sameRun(one, after);
    return { ...one, newDay, first: newDay || !before || !sameRun(before, one), last };
  });
}

function sameRun(one: Bubble, next: Bubble): boolean {
  const same = one.author.kind === next.author.kind && one.author.name === next.author.name;
  return same && Date.parse(next.at) - Date.parse(one.at) < RUN_MS;
}

function dayOf(at: string): string {
  return new Date(at).toDateString();
}

const LOOSE = { newDay: false, first: true, last: true };

function ofPart({ id, seq, author, body, created_at, client_id }: Part, seenSeq: number): Bubble {
  const standing = author.kind === "visitor" ? (seq <= seenSeq ? "seen" : "sent") : null;
  return { key: client_id ?? id, seq, author, body, at: created_at, standing, clientId: client_id, ...LOOSE };
}

function ofPending({ client_id, body, at, failed }: Pending): Bubble {
  const standing = failed ? "failed" : "sending";
  return { key: client_id, seq: null, author: ME, body, at, standing, clientId: client_id, ...LOOSE };
}

function ofDelivery({ id, from, content }: Delivery, at: string): Bubble {
  const author: Author = { kind: "rule", id: null, ...from };
  return { key: id, seq: null, author, body: content.text, at, standing: null, clientId: null, ...LOOSE };
}
