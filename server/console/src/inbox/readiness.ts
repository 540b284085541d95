import type { Teammate } from "../api/types.ts";

/** Me first, then who is online, then who has the fewest open: the order in which one would ask. */
export function byReadiness(teammates: readonly Teammate[], me: string): Teammate[] {
  return teammates.toSorted(
    (one, other) =>
      Number(other.id === me) - Number(one.id === me) ||
      Number(other.online) - Number(one.online) ||
      one.open_count - other.open_count ||
      one.name.localeCompare(other.name),
  );
}
