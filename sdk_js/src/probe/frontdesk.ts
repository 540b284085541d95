import type { Store } from "../desk";
import type { Consent, Settings } from "../wire";
import { createBus } from "./bus";
import { consentAtFirst } from "./consent";
import { listen } from "./listen";
import { type Moment, momentOf } from "./page";
import { type Running, run } from "./running";
import { openStore } from "./store";
import { type Given, VERBS } from "./verbs";

/** Calls kept while we may not act on them. */
const WAITING = 100;

export interface Frontdesk {
  /** A verb and its arguments, with the moment if it was not now and here. Never throws. */
  call(name: string, given: Given, moment?: Moment): unknown;
  /** Begins, unless it already has. */
  begin(settings: Settings): void;
}

/** One Frontdesk in one page: silent until it has settings and consent. */
export function createFrontdesk(): Frontdesk {
  const bus = createBus();
  let settings: Settings | undefined;
  let store: Store;
  let tab: Store;
  let consent: Consent | undefined;
  let running: Running | undefined;
  let waiting: [string, Given, Moment][] = [];

  const start = (): void => {
    if (running || !settings || consent !== "granted") return;
    running = run(settings, store, tab, bus);
    for (const call of waiting.splice(0)) act(...call);
  };
  const stop = (): void => {
    running?.chat.stop();
    running?.tracking.stop();
    running = undefined;
  };
  /** These hold at any time; every other verb waits for settings and consent. */
  const always: Record<string, (...given: never[]) => unknown> = {
    on: bus.on,
    off: bus.off,
    consent(given: Consent) {
      consent = given;
      start();
      if (running && given !== "granted") {
        running.tracking.erase();
        stop();
      }
      if (settings) given === "granted" ? store.set("consent", 1) : [store, tab].map((area) => area.clear());
    },
    destroy() {
      stop();
      settings = undefined;
    },
  };
  const act = (name: string, given: Given, moment?: Moment): unknown => {
    if (always[name]) return always[name](...(given as never[]));
    if (running) return VERBS[name]?.(running, given, moment);
    if (consent !== "denied") waiting = [...waiting, [name, given, moment ?? momentOf()] as const].slice(-WAITING) as typeof waiting;
  };
  return {
    call(name, given, moment) {
      try {
        return act(name, given, moment);
      } catch {
        return; // a guest never breaks its host
      }
    },
    begin(given) {
      if (settings) return;
      settings = given;
      const prefix = `frontdesk.${given.key}.`;
      store = openStore(() => localStorage, prefix);
      tab = openStore(() => sessionStorage, prefix);
      consent ??= consentAtFirst(given, store);
      whenShown(start);
    },
  };
}

/** A prerendered page may never be seen; until then nothing has happened. */
function whenShown(begin: () => void): void {
  if (!(document as { prerendering?: boolean }).prerendering) return begin();
  const stop = listen(document, "prerenderingchange", () => {
    stop();
    begin();
  });
}
