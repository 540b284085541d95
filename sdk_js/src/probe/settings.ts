import type { Settings } from "../wire";

/** `frontdesk('init', key, options)`: the host of the server, and what to set differently from the site. */
export type InitOptions = Partial<Omit<Settings, "key">>;

/** The site's settings as the server knows them, with the host's own on top; null if it does not answer. */
export async function fetchSettings(
  key: string,
  options: InitOptions & { host: string },
): Promise<Settings | null> {
  try {
    const response = await fetch(`${options.host}/v1/settings?key=${key}`);
    return response.ok ? { ...(await response.json()), ...options, key } : null;
  } catch {
    return null;
  }
}
