import type { Consent, Settings } from "../wire";
import { createBus } from "./bus";
import { consentAtFirst } from "./consent";
import { listen } from "./listen";
import { type Moment, momentOf } from "./page";
import { type Place, type Running, run } from "./running";
import { attempt, openStore } from "./store";
import { type Given, VERBS } from "./verbs";

export interface Frontdesk {
  /** A verb and its arguments, with the moment if it was not now and here. Never throws. */
  call(name: string, given: Given, moment?: Moment): unknown;
  /** Begins, unless it already has. */
  begin(settings: Settings): void;
}

/** One Frontdesk in one page: silent until it has settings and consent. */
export function createFrontdesk(): Frontdesk {
  const bus = createBus();
  const waiting: [string, Given, Moment][] = [];
  let place: Place | undefined;
  let consent: Consent | undefined;
  let running: Running | undefined;

  const start = (): void => {
    if (running || !place || consent !== "granted") return;
    running = run(place, bus);
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
      if (given === "granted") {
        place?.store.set("consent", 1);
        return start();
      }
      running?.tracking.erase();
      stop();
      place?.store.clear();
      place?.tab.clear();
    },
    destroy() {
      stop();
      place = undefined;
    },
  };
  const act = (name: string, given: Given, moment?: Moment): unknown => {
    if (always[name]) return always[name](...(given as never[]));
    if (running) return VERBS[name]?.(running, given, moment);
    // Not more than a page would say before it may act.
    if (consent !== "denied" && waiting.length < 100) waiting.push([name, given, moment ?? momentOf()]);
  };
  return {
    call: (name, given, moment) => attempt(() => act(name, given, moment)), // a guest never breaks its host
    begin(settings) {
      if (place) return;
      const prefix = `frontdesk.${settings.key}.`;
      const store = openStore(() => localStorage, prefix);
      place = { settings, store, tab: openStore(() => sessionStorage, prefix) };
      if (consent === "granted") store.set("consent", 1); // said before we had where to keep it
      consent ??= consentAtFirst(settings, store);
      whenShown(start);
    },
  };
}

/** A prerendered page may never be seen; until then nothing has happened. */
function whenShown(begin: () => void): void {
  if (!(document as { prerendering?: boolean }).prerendering) {
    begin();
    return;
  }
  const stop = listen(document, "prerenderingchange", () => {
    stop();
    begin();
  });
}
