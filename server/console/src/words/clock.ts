import { useSyncExternalStore } from "react";

/** The only reader of the clock; everything else is handed `now`. */
export function now(): number {
  return Date.now();
}

export function nowIso(): string {
  return new Date(now()).toISOString();
}

interface Ticker {
  subscribe: (listener: () => void) => () => void;
  read: () => number;
}

/** One timer for all who watch, none while nobody does. */
function ticker(everyMs: number): Ticker {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let value = now();
  const tick = () => {
    value = now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      if (listeners.size === 0) {
        value = now();
        timer = setInterval(tick, everyMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    read: () => value,
  };
}

const slow = ticker(20_000);
const quick = ticker(1_000);

/** Now, renewed three times a minute: enough for "4 min ago". */
export function useNow(): number {
  return useSyncExternalStore(slow.subscribe, slow.read);
}

/** Now, renewed each second: for what is counted before the reader's eyes. */
export function useSeconds(): number {
  return useSyncExternalStore(quick.subscribe, quick.read);
}
