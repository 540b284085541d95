import type { Stop } from "../desk";

export interface Presence {
  /** The server wants to hear from us in so many milliseconds. */
  due(ms: number): void;
  /** Runs only while the page is visible; what came due meanwhile is asked at once. */
  follow(visible: boolean): void;
  stop: Stop;
}

const USUAL_MS = 30_000;
/** A server that asks for more is mistaken. */
const SHORTEST_MS = 1_000;

/** Calls `ask` at the pace the server sets, without a timer while nobody looks. */
export function createPresence(ask: () => void): Presence {
  let timer = 0;
  let due = performance.now() + USUAL_MS;
  const arm = (visible: boolean): void => {
    clearTimeout(timer);
    if (visible) timer = setTimeout(run, due - performance.now()) as unknown as number;
  };
  const run = (): void => {
    due = performance.now() + USUAL_MS;
    arm(true);
    ask();
  };
  return {
    due(ms) {
      due = performance.now() + Math.max(ms || USUAL_MS, SHORTEST_MS);
      arm(document.visibilityState === "visible");
    },
    follow: arm,
    stop: () => clearTimeout(timer),
  };
}
