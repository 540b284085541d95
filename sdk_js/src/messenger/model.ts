import type { Stop } from "../desk";
import type { State } from "./state";

/** The one place where the messenger's state lives; who draws it listens. */
export interface Model {
  get(): State;
  set(change: (state: State) => State): void;
  listen(hear: (state: State, before: State) => void): Stop;
}

export function createModel(first: State): Model {
  let state = first;
  const ears = new Set<(state: State, before: State) => void>();
  return {
    get: () => state,
    set(change) {
      const before = state;
      state = change(state);
      if (state !== before) for (const hear of [...ears]) hear(state, before);
    },
    listen(hear) {
      ears.add(hear);
      return () => void ears.delete(hear);
    },
  };
}
