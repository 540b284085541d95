import type { Store } from "../desk";

/** Hard cap on what we keep in one storage area, in characters: a guest takes little room. */
export const ROOM = 60_000;

/**
 * A {@link Store} in `area`. The area is asked for at each use, because merely reading `window.localStorage`
 * throws where storage is blocked. A value the area refuses (blocked, full, over {@link ROOM}) is held in memory.
 */
export function openStore(area: () => Storage, prefix: string): Store {
  let held: Record<string, string> = {};
  const keys = (): string[] => Object.keys(area()).filter((key) => key.startsWith(prefix));
  return {
    get: (name) => attempt(() => JSON.parse(held[name] ?? (area().getItem(prefix + name) as string))) ?? null,
    set(name, value) {
      delete held[name];
      attempt(() => area().removeItem(prefix + name));
      if (value === null) return;
      const text = JSON.stringify(value);
      const kept = attempt(() => {
        const used = keys().reduce((sum, key) => sum + key.length + area()[key].length, text.length);
        if (used > ROOM) return;
        area().setItem(prefix + name, text);
        return true;
      });
      if (!kept) held[name] = text;
    },
    clear() {
      held = {};
      attempt(() => {
        for (const key of keys()) area().removeItem(key);
      });
    },
  };
}

/** What `run` gives, or undefined if the browser forbids it. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return;
  }
}
