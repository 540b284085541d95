import type { Stop } from "../desk";

export interface Timer {
  /** Runs after so long, instead of when it was to run before; never while the page is hidden. */
  in(ms: number): void;
  stop: Stop;
}

/** A timer that a hidden page does not wait for. */
export function createTimer(run: () => void): Timer {
  let timer: number | undefined;
  const stop = (): void => clearTimeout(timer);
  return {
    in(ms) {
      stop();
      if (!document.hidden) timer = setTimeout(run, ms) as unknown as number;
    },
    stop,
  };
}
