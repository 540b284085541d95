import type { Stop } from "../desk";

export interface Bus {
  say(name: string, detail?: unknown): void;
  on(name: string, hear: (detail: never) => void): Stop;
  off(name: string, hear?: (detail: never) => void): void;
}

/** Names and who listens. A listener that throws hurts nobody else; its error is reported as its own. */
export function createBus(): Bus {
  const ears = new Map<string, Set<(detail: never) => void>>();
  return {
    say(name, detail) {
      for (const hear of [...(ears.get(name) ?? [])]) {
        try {
          hear(detail as never);
        } catch (error) {
          reportError(error);
        }
      }
    },
    on(name, hear) {
      const heard = ears.get(name) ?? new Set();
      ears.set(name, heard.add(hear));
      return () => void heard.delete(hear);
    },
    off(name, hear) {
      if (hear) ears.get(name)?.delete(hear);
      else ears.delete(name);
    },
  };
}
