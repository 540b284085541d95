import type { Stop } from "../desk";
import type { Sessions } from "./session";

/** Paths remembered in a session; an endless shop must not fill the storage. */
const PATHS = 50;
/** Just beyond the threshold, never at it: rules say "more than". */
const BEYOND_MS = 20;

export interface Dwell {
  /** The clock belongs to this path now. */
  enter(path: string): void;
  /** Follows the page's visibility; returns the path's visible milliseconds in this session, all tabs together. */
  settle(): number;
  /** The thresholds that rules ask about on this path; each is told once a session. */
  watch(thresholds: number[]): void;
  stop: Stop;
}

/** The highest threshold reached by `ms`, if it is beyond the one told before, else that one. */
export function furthest(thresholds: number[], told: number, ms: number): number {
  return Math.max(told, ...thresholds.filter((threshold) => threshold <= ms));
}

/** Measures visible time. Runs a timer only towards the next threshold, and none while the page is hidden. */
export function createDwell(sessions: Sessions, reached: (ms: number) => void): Dwell {
  let path = "";
  let since: number | undefined;
  let thresholds: number[] = [];
  let timer = 0;

  const settle = (): number => {
    clearTimeout(timer);
    const now = performance.now();
    const spent = Math.round(now - (since ?? now));
    since = document.hidden ? undefined : now;
    let passed = false;
    let time = { ms: 0, told: 0 };
    sessions.change(({ paths }) => {
      const known = Object.keys(paths);
      if (!paths[path] && known[PATHS]) delete paths[known[0] as string];
      time = paths[path] ?? time;
      paths[path] = time;
      time.ms += spent;
      const told = furthest(thresholds, time.told, time.ms);
      passed = told > time.told;
      time.told = told;
    });
    const next = Math.min(...thresholds.filter((threshold) => threshold > time.told));
    if (!document.hidden && next < Infinity)
      timer = setTimeout(settle, next - time.ms + BEYOND_MS) as unknown as number;
    if (passed) reached(time.ms);
    return time.ms;
  };
  return {
    enter(next) {
      thresholds = [];
      if (path) settle();
      path = next;
      since = undefined;
      settle();
    },
    settle,
    watch(asked) {
      thresholds = asked;
      settle();
    },
    stop: () => clearTimeout(timer),
  };
}
