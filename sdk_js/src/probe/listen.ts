import type { Stop } from "../desk";
import { attempt } from "./store";

/** Adds a listener that waits for nobody and cannot throw into the page; returns its end. */
export function listen(target: EventTarget, type: string, hear: (event: Event) => void): Stop {
  const guarded = (event: Event): void => attempt(() => hear(event));
  target.addEventListener(type, guarded, { passive: true });
  return () => target.removeEventListener(type, guarded);
}
