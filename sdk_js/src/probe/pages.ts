import type { Stop } from "../desk";
import { listen } from "./listen";

/** Time for a framework to set the title and to follow a `replaceState` by a `pushState`. */
const SETTLE_MS = 30;

/**
 * What makes two addresses the same page view: path and query, and the fragment only where a router lives in it.
 */
export function pageKey({ pathname, search, hash }: URL | Location = location): string {
  return pathname + search + (/^#[!/]/.test(hash) ? hash : "");
}

/**
 * Calls `left` at the instant the address changes, while the clock still belongs to the page before, and `arrived`
 * when it has settled on another page: once, however the host navigates.
 */
export function watchPages(left: () => void, arrived: () => void): Stop {
  let key = pageKey();
  let timer = 0;
  const settled = (): void => {
    timer = 0;
    if (pageKey() === key) return;
    key = pageKey();
    arrived();
  };
  const check = (): void => {
    if (timer || pageKey() === key) return;
    left();
    timer = setTimeout(settled, SETTLE_MS) as unknown as number;
  };
  const restored = (event: Event): void => {
    if ((event as PageTransitionEvent).persisted) arrived();
  };
  const stops = [listen(window, "pageshow", restored), ...watchAddress(check)];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

function watchAddress(check: () => void): Stop[] {
  const { navigation } = window as { navigation?: EventTarget };
  // It reports every kind of navigation, and leaves the host's History alone.
  if (navigation) return [listen(navigation, "currententrychange", check)];
  return [
    listen(window, "popstate", check),
    listen(window, "hashchange", check),
    wrap("pushState", check),
    wrap("replaceState", check),
  ];
}

function wrap(name: "pushState" | "replaceState", check: () => void): Stop {
  const original = history[name];
  let on = true;
  const ours: typeof original = function (this: History, ...args) {
    original.apply(this, args);
    if (on) check();
  };
  history[name] = ours;
  return () => {
    on = false;
    // Someone may have wrapped ours since; then it stays, doing nothing.
    if (history[name] === ours) history[name] = original;
  };
}
