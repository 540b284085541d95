import { describe, expect, it } from "vitest";
import type { Part } from "../api/types.ts";
import { type Outbox, pending, reduce, restored } from "./outbox.ts";

const WORDS = {
  clientId: "cli_1",
  conversation: "cnv_1",
  kind: "message",
  body: "Hello",
  at: "2026-01-01T10:00:00.000Z",
} as const;

function queued(): Outbox {
  return reduce([], { type: "queued", outgoing: WORDS });
}

function stored(clientId: string): Part {
  return {
    id: "prt_9",
    seq: 9,
    client_id: clientId,
    conversation: "cnv_1",
    kind: "message",
    author: { kind: "teammate", id: "tmt_1", name: "Li Na (demo)" },
    body: "Hello",
    created_at: "2026-01-01T10:00:01.000Z",
  };
}

describe("words on their way", () => {
  it("are shown at once as sending", () => {
    expect(pending(queued(), "cnv_1", [])).toMatchObject([{ body: "Hello", state: "sending" }]);
  });

  it("are shown in their own conversation only", () => {
    expect(pending(queued(), "cnv_2", [])).toEqual([]);
  });

  it("are queued once under one client id", () => {
    expect(reduce(queued(), { type: "queued", outgoing: WORDS })).toHaveLength(1);
  });

  it("say why they failed and keep their text", () => {
    const failed = reduce(queued(), {
      type: "failed",
      clientId: "cli_1",
      why: "unreachable",
      retryable: true,
    });
    expect(failed).toMatchObject([{ state: "failed", why: "unreachable", body: "Hello" }]);
  });

  it("keep their client id when tried again, so that the server stores them once", () => {
    const failed = reduce(queued(), {
      type: "failed",
      clientId: "cli_1",
      why: "unreachable",
      retryable: true,
    });
    expect(reduce(failed, { type: "retried", clientId: "cli_1" })).toMatchObject([
      { clientId: "cli_1", state: "sending", why: null },
    ]);
  });

  it("disappear the moment the part is in the thread, before the answer came", () => {
    expect(pending(queued(), "cnv_1", [stored("cli_1")])).toEqual([]);
  });

  it("leave the outbox when they arrived", () => {
    expect(reduce(queued(), { type: "arrived", clientIds: ["cli_1", "cli_2"] })).toEqual([]);
  });

  it("leave the outbox when the teammate discards them", () => {
    expect(reduce(queued(), { type: "discarded", clientId: "cli_1" })).toEqual([]);
  });

  it("are the same outbox when others arrive", () => {
    const outbox = queued();
    expect(reduce(outbox, { type: "arrived", clientIds: ["cli_7"] })).toBe(outbox);
  });
});

describe("after a reload", () => {
  it("nothing is lost, and nothing is sent without the teammate", () => {
    expect(restored(JSON.stringify(queued()))).toMatchObject([
      { body: "Hello", state: "failed", why: "reloaded" },
    ]);
  });

  it("a spoilt store is an empty outbox", () => {
    expect(restored("{")).toEqual([]);
    expect(restored(null)).toEqual([]);
  });
});
