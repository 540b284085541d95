import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let connected = true;

export function setConnected(value: boolean): void {
  if (value === connected) return;
  connected = value;
  for (const listener of listeners) listener();
}

/** False while the live line is down: what is shown may be old, sending still works over HTTP. */
export function useConnected(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connected,
  );
}
