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
    if (inFront?.key === key) return begin({ ...inFront, ...options });
    const found = await fetchSettings(key, { ...options, host: options.host || origin });
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
  const { key, host } = script?.dataset ?? {};
  if (home.__frontdesk) begin(home.__frontdesk);
  else if (key) void init(key, { host });
}

install();
