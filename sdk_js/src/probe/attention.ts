import type { Stop } from "../desk";
import type { Watch } from "../wire";
import { listen } from "./listen";
import type { Session, Sessions } from "./session";
import { createTimer } from "./timer";

/** Paths remembered in a session; an endless shop must not fill the storage. */
const PATHS = 50;
/** Just beyond the threshold, never at it: rules say "more than". */
const BEYOND_MS = 20;

/** What is told of a page: the event, the visible milliseconds on its path, and what else there is to say. */
export type Tell = (event: string, ms: number, more?: object) => void;

export interface Attention {
  /** Another page: the clock belongs to this path now, and nothing else was told of it. */
  enter(path: string): void;
  /** Follows the page's visibility; returns the path's visible milliseconds in this session, all tabs together. */
  settle(): number;
  /**
   * What rules ask about this page. Thresholds of visible time are told once a session, of scroll depth once a page,
   * and once a page that it is about to be left.
   */
  watch(asked: Watch): void;
  stops: Stop[];
}

/** The highest threshold reached by `now`, if it is beyond the one told before, else that one. */
export function furthest(thresholds: number[] = [], told: number, now: number): number {
  return Math.max(told, ...thresholds.filter((threshold) => threshold <= now));
}

/**
 * How long, how far down, and whether about to be left: what a person sees of a page. Runs a timer only towards the
 * next threshold, and none while the page is hidden.
 */
export function createAttention(sessions: Sessions, tell: Tell): Attention {
  let path = "";
  let since: number | undefined;
  let asked: Watch = {};
  let deepest = 0;
  let leaves = false;

  const settle = (): number => {
    timer.stop();
    const now = performance.now();
    const spent = Math.round(now - (since ?? now));
    since = document.hidden ? undefined : now;
    const session = sessions.last();
    const { paths } = session;
    const known = Object.keys(paths);
    if (!paths[path] && known[PATHS]) delete paths[known[0] as string];
    paths[path] ??= { ms: 0, told: 0 };
    const time = paths[path] as Session["paths"][string];
    const before = time.told;
    time.ms += spent;
    time.told = furthest(asked.dwell_ms, before, time.ms);
    sessions.keep(session);
    const next = Math.min(...(asked.dwell_ms ?? []).filter((threshold) => threshold > time.told));
    if (next < Infinity) timer.in(next - time.ms + BEYOND_MS);
    if (time.told > before) tell("Page Dwell", time.ms);
    return time.ms;
  };
  const timer = createTimer(settle);
  const look = (): void => {
    const scroll = (((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100) | 0;
    const before = deepest;
    deepest = furthest(asked.scroll, before, scroll);
    if (deepest > before) tell("Page Scroll", settle(), { scroll, scroll_before: before });
  };
  /** The pointer leaves at the top, for the tabs; or the system takes the touch, for the gesture that goes back. */
  const leave = (event: Event): void => {
    if (!asked.exit_intent || leaves || (event as MouseEvent).clientY > 0) return;
    leaves = true;
    tell("Exit Intent", settle());
  };
  return {
    enter(next) {
      asked = {};
      deepest = 0;
      leaves = false;
      if (path) settle();
      path = next;
      since = undefined;
      settle();
    },
    settle,
    watch(next) {
      asked = next;
      settle();
      look();
    },
    stops: [
      timer.stop,
      listen(document, "scroll", look),
      listen(document.documentElement, "mouseleave", leave),
      listen(document, "touchcancel", leave),
    ],
  };
}
