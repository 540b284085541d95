import { describe, expect, it } from "vitest";
import type { Part } from "../api/types.ts";
import { arrive, EMPTY_THREAD, extend, type Thread } from "./thread.ts";

function part(seq: number): Part {
  return {
    id: `prt_${seq}`,
    seq,
    client_id: null,
    conversation: "cnv_1",
    kind: "message",
    author: { kind: "visitor", id: "vis_1", name: null },
    body: `words ${seq}`,
    created_at: "2026-01-01T10:00:00.000Z",
  };
}

function holding(...seqs: number[]): Thread {
  return { parts: seqs.map(part), lastSeq: seqs.at(-1) ?? 0 };
}

describe("a pushed part", () => {
  it("is appended when it is the next one", () => {
    const arrival = arrive(holding(1, 2), part(3));
    expect(arrival).toMatchObject({ is: "next", thread: { lastSeq: 3 } });
  });

  it("changes nothing when it is held already, however often it is pushed", () => {
    expect(arrive(holding(1, 2), part(2))).toEqual({ is: "known" });
    expect(arrive(holding(1, 2), part(1))).toEqual({ is: "known" });
  });

  it("asks for what lies between when it is beyond the next", () => {
    expect(arrive(holding(1, 2), part(5))).toEqual({ is: "gap", after: 2 });
    expect(arrive(EMPTY_THREAD, part(2))).toEqual({ is: "gap", after: 0 });
  });

  it("leaves the thread it was given as it was", () => {
    const thread = holding(1);
    arrive(thread, part(2));
    expect(thread.parts).toHaveLength(1);
  });
});

describe("a fetched page", () => {
  it("fills the gap", () => {
    const thread = extend(holding(1, 2), {
      data: [part(3), part(4), part(5)],
      last_seq: 5,
      next_cursor: null,
    });
    expect(thread.parts.map((each) => each.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(thread.lastSeq).toBe(5);
  });

  it("adds nothing twice when a push was faster", () => {
    const thread = extend(holding(1, 2, 3), {
      data: [part(2), part(3), part(4)],
      last_seq: 4,
      next_cursor: null,
    });
    expect(thread.parts.map((each) => each.seq)).toEqual([1, 2, 3, 4]);
  });

  it("is the same thread when it brings nothing new", () => {
    const thread = holding(1, 2);
    expect(extend(thread, { data: [part(2)], last_seq: 2, next_cursor: null })).toBe(thread);
  });

  it("equals what the pushes alone would have made", () => {
    const pushed = [1, 2, 3].reduce<Thread>((thread, seq) => {
      const arrival = arrive(thread, part(seq));
      return arrival.is === "next" ? arrival.thread : thread;
    }, EMPTY_THREAD);
    const fetched = extend(EMPTY_THREAD, { data: [1, 2, 3].map(part), last_seq: 3, next_cursor: null });
    expect(fetched).toEqual(pushed);
  });
});
