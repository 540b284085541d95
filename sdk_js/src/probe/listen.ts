import type { Stop } from "../desk";

/** Adds a listener that waits for nobody and cannot throw into the page; returns its end. */
export function listen(target: EventTarget, type: string, hear: (event: Event) => void): Stop {
  const guarded = (event: Event): void => {
    try {
      hear(event);
    } catch {
      // a guest never breaks its host
    }
  };
  target.addEventListener(type, guarded, { passive: true });
  return () => target.removeEventListener(type, guarded);
}
