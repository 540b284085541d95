import { describe, expect, test } from "vitest";
import { part } from "../testing/said";
import type { Delivery } from "../wire";
import { bubblesOf } from "./bubbles";

const NOW = "2026-03-02T12:00:00.000Z";
const page = { url: "", title: "", dwell_ms: 0 };
const pending = (client_id: string, failed = false) => ({
  client_id,
  thread: "cnv_1",
  body: "On its way",
  page,
  at: NOW,
  failed,
});
const delivery: Delivery = {
  id: "dlv_1",
  rule: "rul_1",
  kind: "chat",
  from: { name: "Bellshop", avatar: null },
  locale: "en",
  content: { text: "Comparing plans?" },
  expires_at: null,
};

test("who speaks is said once a run", () => {
  const parts = [part(1, "teammate"), part(2, "teammate"), part(3, "visitor"), part(4, "teammate")];
  const bubbles = bubblesOf({ parts, pending: [], seenSeq: 0 }, NOW);
  expect(bubbles.map(({ first, last }) => [first, last])).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

test("a long pause begins a new run", () => {
  const bubbles = bubblesOf(
    { parts: [part(1, "teammate"), part(9, "teammate")], pending: [], seenSeq: 0 },
    NOW,
  );
  expect(bubbles.every(({ first }) => first)).toBe(true);
});

test("each day is separated from the day before", () => {
  const parts = [
    part(1, "teammate", { created_at: "2026-02-27T12:00:00.000Z" }),
    part(2, "teammate"),
    part(3, "visitor"),
  ];
  expect(bubblesOf({ parts, pending: [], seenSeq: 0 }, NOW).map(({ newDay }) => newDay)).toEqual([
    true,
    true,
    false,
  ]);
});

test("the visitor's messages say how far they came", () => {
  const parts = [part(1, "visitor"), part(2, "teammate"), part(3, "visitor")];
  const bubbles = bubblesOf({ parts, pending: [pending("c4"), pending("c5", true)], seenSeq: 2 }, NOW);
  expect(bubbles.map(({ standing }) => standing)).toEqual(["seen", null, "sent", "sending", "failed"]);
});

describe("the auto-message that is answered", () => {
  test("stands first while there is no conversation", () => {
    const bubbles = bubblesOf({ parts: [], pending: [pending("c1")], delivery, seenSeq: 0 }, NOW);
    expect(bubbles.map(({ author, body }) => [author.kind, body])).toEqual([
      ["rule", "Comparing plans?"],
      ["visitor", "On its way"],
    ]);
  });

  test("is the conversation's own first part afterwards", () => {
    const parts = [part(1, "rule"), part(2, "visitor")];
    expect(bubblesOf({ parts, pending: [], delivery, seenSeq: 0 }, NOW)).toHaveLength(2);
  });
});

test("parts that are no messages are not drawn as such", () => {
  expect(
    bubblesOf({ parts: [part(1, "teammate", { kind: "rating" })], pending: [], seenSeq: 0 }, NOW),
  ).toEqual([]);
});
