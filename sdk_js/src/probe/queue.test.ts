import { beforeEach, expect, test } from "vitest";
import { BATCH_BYTES, openQueue, type TrackedEvent } from "./queue";
import { openStore } from "./store";

const event = (messageId: string, text = ""): TrackedEvent => ({ type: "track", messageId, text });
const ids = (events: TrackedEvent[]): string[] => events.map(({ messageId }) => messageId);
const open = (): ReturnType<typeof openQueue> => openQueue(openStore(() => localStorage, "q."));

beforeEach(() => localStorage.clear());

test("events wait in order, also for the next page", () => {
  const queue = open();
  queue.add(event("1"));
  queue.add(event("2"));
  expect(ids(open().next([]))).toEqual(["1", "2"]);
});

test("what one tab sent, another tab still has to send", () => {
  const [one, other] = [open(), open()];
  one.add(event("of one"));
  other.add(event("of the other"));
  one.remove([event("of one")]);
  expect(ids(open().next([]))).toEqual(["of the other"]);
});

test("what is on its way is not taken again", () => {
  const queue = open();
  for (const id of ["1", "2", "3"]) queue.add(event(id));
  expect(ids(queue.next([event("1")], 1))).toEqual(["2"]);
});

test("the oldest go when there is no more room", () => {
  const queue = open();
  for (let at = 0; at < 30; at++) queue.add(event(String(at), "x".repeat(2_000)));
  const kept = ids(queue.next([]));
  expect(kept.at(-1)).toBe("29");
  expect(kept).not.toContain("0");
});

test("a batch stays below what a beacon carries, counted in bytes", () => {
  const queue = open();
  for (let at = 0; at < 4; at++) queue.add(event(String(at), "访".repeat(9_000)));
  const batch = queue.next([]);
  expect(batch).toHaveLength(1);
  expect(new TextEncoder().encode(JSON.stringify(batch)).length).toBeLessThan(BATCH_BYTES);
});

test("an event that the server would refuse for its size is not kept", () => {
  const queue = open();
  queue.add(event("huge", "x".repeat(40_000)));
  expect(queue.next([])).toEqual([]);
});
