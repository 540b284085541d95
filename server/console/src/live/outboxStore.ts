import { useSyncExternalStore } from "react";
import type { Part } from "../api/types.ts";
import { type Outbox, type OutboxChange, reduce, restored } from "./outbox.ts";
import { keep, recall } from "./storage.ts";

const KEY = "frontdesk.outbox";
const listeners = new Set<() => void>();
let outbox: Outbox = restored(recall(KEY));

/** The outbox of this tab, kept through a reload. */
export function change(by: OutboxChange): void {
  const next = reduce(outbox, by);
  if (next === outbox) return;
  outbox = next;
  keep(KEY, outbox.length === 0 ? null : JSON.stringify(outbox));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useOutbox(): Outbox {
  return useSyncExternalStore(subscribe, () => outbox);
}

/** These parts are in a thread: whatever was on its way under their client ids has arrived. */
export function arrived(parts: readonly Part[]): void {
  if (outbox.length === 0) return;
  change({ type: "arrived", clientIds: parts.flatMap((part) => part.client_id ?? []) });
}

export function discard(id: string): void {
  change({ type: "discarded", clientId: id });
}

/** Forgets everything on its way: another teammate may sign in here next. */
export function forgetOutbox(): void {
  for (const each of outbox) discard(each.clientId);
}
