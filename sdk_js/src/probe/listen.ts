import type { Stop } from "../desk";
import { attempt } from "./store";

/** Adds a listener that cannot throw into the page; returns its end. */
export function listen(target: EventTarget, type: string, hear: (event: Event) => void): Stop {
  const guarded = (event: Event): void => attempt(() => hear(event));
  target.addEventListener(type, guarded);
  return () => target.removeEventListener(type, guarded);
}
