import type { Part, PartsPage } from "../api/types.ts";

/** The parts of one conversation that we hold, without a hole up to `lastSeq`. */
export interface Thread {
  readonly parts: readonly Part[];
  readonly lastSeq: number;
}

/** What a pushed part means for the thread we hold. A push is a hint: after `gap` the truth is fetched. */
export type Arrival =
  | { readonly is: "next"; readonly thread: Thread }
  | { readonly is: "known" }
  | { readonly is: "gap"; readonly after: number };

export const EMPTY_THREAD: Thread = { parts: [], lastSeq: 0 };

export function arrive(thread: Thread, part: Part): Arrival {
  if (part.seq <= thread.lastSeq) return { is: "known" };
  if (part.seq > thread.lastSeq + 1) return { is: "gap", after: thread.lastSeq };
  return { is: "next", thread: { parts: [...thread.parts, part], lastSeq: part.seq } };
}

/** The thread with a fetched page behind it. Pages may overlap what pushes brought meanwhile. */
export function extend(thread: Thread, page: PartsPage): Thread {
  const fresh = page.data.filter((part) => part.seq > thread.lastSeq);
  if (fresh.length === 0) return thread;
  return { parts: [...thread.parts, ...fresh], lastSeq: fresh[fresh.length - 1]?.seq ?? thread.lastSeq };
}
