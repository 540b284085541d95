import type { Part } from "../api/types.ts";

/** Words on their way to the server. They stay here until a part with the same `clientId` is in the thread. */
export interface Outgoing {
  readonly clientId: string;
  readonly conversation: string;
  readonly kind: "message" | "note";
  readonly body: string;
  readonly at: string;
  readonly state: "sending" | "failed";
  readonly retryable: boolean;
  readonly why: string | null;
}

export type Outbox = readonly Outgoing[];

export type OutboxChange =
  | {
      readonly type: "queued";
      readonly outgoing: Pick<Outgoing, "clientId" | "conversation" | "kind" | "body" | "at">;
    }
  | { readonly type: "failed"; readonly clientId: string; readonly why: string; readonly retryable: boolean }
  | { readonly type: "retried"; readonly clientId: string }
  | { readonly type: "arrived"; readonly clientIds: readonly string[] }
  | { readonly type: "discarded"; readonly clientId: string };

function patched(outbox: Outbox, clientId: string, change: Partial<Outgoing>): Outbox {
  return outbox.map((each) => (each.clientId === clientId ? { ...each, ...change } : each));
}

export function reduce(outbox: Outbox, change: OutboxChange): Outbox {
  switch (change.type) {
    case "queued":
      if (outbox.some((each) => each.clientId === change.outgoing.clientId)) return outbox;
      return [...outbox, { ...change.outgoing, state: "sending", retryable: true, why: null }];
    case "failed":
      return patched(outbox, change.clientId, {
        state: "failed",
        why: change.why,
        retryable: change.retryable,
      });
    case "retried":
      return patched(outbox, change.clientId, { state: "sending", why: null });
    case "arrived":
      if (!outbox.some((each) => change.clientIds.includes(each.clientId))) return outbox;
      return outbox.filter((each) => !change.clientIds.includes(each.clientId));
    case "discarded":
      return outbox.filter((each) => each.clientId !== change.clientId);
  }
}

/** What to show below the thread: this conversation's words that are not yet among its parts. */
export function pending(outbox: Outbox, conversation: string, parts: readonly Part[]): Outbox {
  const here = outbox.filter((each) => each.conversation === conversation);
  if (here.length === 0) return here;
  const known = new Set(parts.map((part) => part.client_id));
  return here.filter((each) => !known.has(each.clientId));
}

/** What was stored before a reload. Nobody is sending it now, so it waits for the teammate's word. */
export function restored(stored: string | null): Outbox {
  if (stored === null) return [];
  try {
    const outbox = JSON.parse(stored) as Outbox;
    return outbox.map((each) => ({ ...each, state: "failed", why: each.why ?? "reloaded" }));
  } catch {
    return [];
  }
}
