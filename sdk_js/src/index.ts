import { createFrontdesk, type Frontdesk } from "./probe/frontdesk";
import { fetchSettings, type InitOptions } from "./probe/settings";

export type { InitOptions } from "./probe/settings";
export type { Consent, Delivery, Look, Settings } from "./wire";

const started = new Map<string, Frontdesk>();

/**
 * Starts Frontdesk in this page and returns the function that takes the verbs. Calling it again with the same key gives
 * the same one; on a server, where there is no page, the verbs do nothing.
 */
export function init(
  key: string,
  options: InitOptions & { host: string },
): (name: string, ...given: unknown[]) => unknown {
  if (typeof document === "undefined") return () => undefined;
  const known = started.get(key);
  const frontdesk = known ?? createFrontdesk();
  if (!known) {
    started.set(key, frontdesk);
    void fetchSettings(key, options).then((settings) => settings && frontdesk.begin(settings));
  }
  return (name, ...given) => {
    if (name === "destroy") started.delete(key);
    return frontdesk.call(name, given);
  };
}
