import type { Stop } from "../desk";
import { createTimer } from "./timer";

export interface Presence {
  /** The server wants to hear from us in so many milliseconds. */
  due(ms?: number): void;
  /** Follows the page's visibility: no timer while hidden, and what came due meanwhile is asked at once. */
  arm(): void;
  stop: Stop;
}

const USUAL_MS = 30_000;

/** Calls `ask` at the pace the server sets. */
export function createPresence(ask: () => void): Presence {
  let next = 0;
  const timer = createTimer(() => {
    due();
    ask();
  });
  const arm = (): void => timer.in(next - performance.now());
  const due = (ms = USUAL_MS): void => {
    next = performance.now() + ms;
    arm();
  };
  return { due, arm, stop: timer.stop };
}
