import type { Stop } from "../desk";
import type { Session, Sessions } from "./session";

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
    since = document.visibilityState === "visible" ? now : undefined;
    let passed = 0;
    const session = sessions.change((session) => {
      const time = timeOn(session, path);
      time.ms += spent;
      passed = Math.max(...thresholds.filter((ms) => ms > time.told && ms < time.ms));
      time.told = Math.max(time.told, passed);
    });
    const { ms, told } = timeOn(session, path);
    const next = Math.min(...thresholds.filter((threshold) => threshold > told));
    if (since && next < Infinity) timer = setTimeout(settle, next - ms + BEYOND_MS) as unknown as number;
    if (passed > 0) reached(ms);
    return ms;
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

function timeOn({ paths }: Session, path: string): Session["paths"][string] {
  const [oldest, ...others] = Object.keys(paths);
  if (others.length > PATHS) delete paths[oldest as string];
  paths[path] ??= { ms: 0, told: 0 };
  return paths[path];
}
