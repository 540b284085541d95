import type { Store } from "../desk";

/** One event of the Segment spec. */
export interface TrackedEvent {
  type: string;
  messageId: string;
  [field: string]: unknown;
}

/** Characters of waiting events that we keep; beyond it the oldest go. */
const LIMIT = 40_000;
/** Larger events the server refuses anyway. */
const EVENT_LIMIT = 32_000;
/** `keepalive` and beacons carry 64 KiB for the whole page; we take no more than this at once. */
export const BATCH_BYTES = 46_000;
/** Events in a batch. */
const BATCH_EVENTS = 100;

export interface Queue {
  add(event: TrackedEvent): void;
  /** The oldest events that fit a batch, at most `most`, leaving out those in `skip`. */
  next(skip: TrackedEvent[], most?: number): TrackedEvent[];
  remove(events: TrackedEvent[]): void;
  clear(): void;
}

/**
 * Events that wait to be sent, kept in `store` across page loads. Tabs share the list by id, so one tab's answer never
 * removes what another still has to send; an event sent by both is a duplicate to the server.
 */
export function openQueue(store: Store): Queue {
  const read = (): TrackedEvent[] => store.get("queue") ?? [];
  const write = (events: TrackedEvent[]): void => store.set("queue", events.length ? events : null);
  const without = (some: TrackedEvent[]): TrackedEvent[] =>
    read().filter((event) => !some.some((other) => other.messageId === event.messageId));
  return {
    add(event) {
      if (JSON.stringify(event).length > EVENT_LIMIT) return;
      const events = [...read(), event];
      while (JSON.stringify(events).length > LIMIT) events.shift();
      write(events);
    },
    next(skip, most = BATCH_EVENTS) {
      let room = BATCH_BYTES;
      const fits = (event: TrackedEvent): boolean => {
        room -= new Blob([JSON.stringify(event)]).size;
        return room > 0;
      };
      return without(skip).slice(0, most).filter(fits);
    },
    remove: (sent) => write(without(sent)),
    clear: () => write([]),
  };
}
