import { useSyncExternalStore } from "react";

/** Longer than the 3 s at which the other side repeats itself, so that the line does not flicker. */
const FADES_AFTER_MS = 5_000;

const names = new Map<string, string>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<() => void>();

function announce(): void {
  for (const listener of listeners) listener();
}

export function stoppedTyping(conversation: string): void {
  clearTimeout(timers.get(conversation));
  timers.delete(conversation);
  if (names.delete(conversation)) announce();
}

export function heardTyping(conversation: string, name: string): void {
  clearTimeout(timers.get(conversation));
  timers.set(
    conversation,
    setTimeout(() => stoppedTyping(conversation), FADES_AFTER_MS),
  );
  names.set(conversation, name);
  announce();
}

/** Who is typing in this conversation, `null` when nobody is. */
export function useTyping(conversation: string): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => names.get(conversation) ?? null,
  );
}
