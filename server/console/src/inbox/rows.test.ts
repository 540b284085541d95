import { describe, expect, it } from "vitest";
import type { Part } from "../api/types.ts";
import { type Row, rows } from "./rows.ts";

type Spoken = Partial<Omit<Part, "author">> & { by?: Part["author"]["kind"]; minute?: number; day?: number };

let seq = 0;

function part({ by = "visitor", minute = 0, day = 1, ...rest }: Spoken = {}): Part {
  seq += 1;
  return {
    id: `prt_${seq}`,
    seq,
    client_id: null,
    conversation: "cnv_1",
    kind: "message",
    author: { kind: by, id: `${by}_1`, name: by },
    body: "words",
    created_at: new Date(2026, 0, day, 10, minute).toISOString(),
    ...rest,
  };
}

function shape(built: Row[]): string[] {
  return built.map((row) => (row.is === "run" ? `run ${row.parts.length}` : row.is));
}

const READ = Number.POSITIVE_INFINITY;

describe("a thread", () => {
  it("puts quick words of one speaker under one name", () => {
    expect(shape(rows([part(), part({ minute: 1 }), part({ minute: 2 })], READ))).toEqual(["day", "run 3"]);
  });

  it("starts anew for another speaker, for a note, and after a pause", () => {
    const parts = [
      part(),
      part({ by: "teammate" }),
      part({ by: "teammate", kind: "note" }),
      part(),
      part({ minute: 9 }),
    ];
    expect(shape(rows(parts, READ))).toEqual(["day", "run 1", "run 1", "run 1", "run 1", "run 1"]);
  });

  it("lets a system line stand on its own between words", () => {
    const parts = [part(), part({ kind: "assignment", by: "rule", body: null }), part({ minute: 1 })];
    expect(shape(rows(parts, READ))).toEqual(["day", "run 1", "system", "run 1"]);
  });

  it("separates the days", () => {
    expect(shape(rows([part({ day: 1 }), part({ day: 2 })], READ))).toEqual(["day", "run 1", "day", "run 1"]);
  });

  it("marks where the unread words begin, once", () => {
    seq = 0;
    const parts = [part(), part({ by: "teammate", minute: 1 }), part({ minute: 2 }), part({ minute: 3 })];
    expect(shape(rows(parts, 2))).toEqual(["day", "run 1", "run 1", "unread", "run 2"]);
  });

  it("marks nothing in a conversation that was never opened, where all is new", () => {
    seq = 0;
    expect(shape(rows([part(), part()], 0))).toEqual(["day", "run 2"]);
  });

  it("is empty without parts", () => {
    expect(rows([], 0)).toEqual([]);
  });
});
