import type { Stop } from "../desk";

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
  let timer = 0;
  let next = 0;
  const stop = (): void => clearTimeout(timer);
  const arm = (): void => {
    stop();
    if (!document.hidden) timer = setTimeout(run, next - performance.now()) as unknown as number;
  };
  const due = (ms = USUAL_MS): void => {
    next = performance.now() + ms;
    arm();
  };
  const run = (): void => {
    due();
    ask();
  };
  return { due, arm, stop };
}
