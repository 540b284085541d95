import type { EarlyCall } from "../snippet";
import type { Settings } from "../wire";
import { createFrontdesk } from "./frontdesk";
import { momentOf, pageOf } from "./page";
import { fetchSettings, type InitOptions } from "./settings";

type Public = ((name: string, ...given: unknown[]) => unknown) & { q?: EarlyCall[]; live?: boolean };

/** Takes the place of the stub and does what it was told meanwhile. */
function install(): void {
  const home = window as unknown as { frontdesk?: Public; __frontdesk?: Settings };
  if (home.frontdesk?.live) return; // pasted twice
  const early = home.frontdesk?.q ?? [];
  const script = document.currentScript as HTMLScriptElement | null;
  const origin = script?.src ? new URL(script.src).origin : "";
  const { call, begin } = createFrontdesk();

  const init = async (key: string, options: InitOptions = {}): Promise<void> => {
    const inFront = home.__frontdesk;
    const host = options.host || origin;
    const found =
      inFront?.key === key ? { ...inFront, ...options } : await fetchSettings(key, { ...options, host });
    if (found) begin(found);
  };
  const frontdesk: Public = (name, ...given) =>
    name === "init" ? void init(given[0] as string, given[1] as InitOptions) : call(name, given);
  frontdesk.live = true;
  home.frontdesk = frontdesk;
  for (const [at, url, title, given] of early) {
    const [name, ...rest] = Array.from(given) as [string, ...unknown[]];
    if (name === "init") frontdesk(name, ...rest);
    else call(name, rest, momentOf(pageOf(undefined, url, title), at));
  }
  const { key = home.__frontdesk?.key, host } = script?.dataset ?? {};
  if (key) void init(key, host ? { host } : {});
}

install();
