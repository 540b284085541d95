import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { campaignOf } from "./campaign";
import { continues, openSessions, type Session } from "./session";
import { openStore } from "./store";

interface SessionCase {
  name: string;
  began_ms: number;
  last_ms: number;
  now_ms: number;
  came_by: string;
  comes_by: string;
  expect: "same" | "new";
}

const MINUTE = 60_000;
const cases = JSON.parse(readFileSync("../rules/cases/sessions.json", "utf8")) as SessionCase[];

describe("a session goes on, or ends, as the server has it", () => {
  test.each(cases)("$name", ({ began_ms, last_ms, now_ms, came_by, comes_by, expect: expected }) => {
    const last: Session = { started: began_ms, active: last_ms, campaign: campaignOf(came_by), paths: {} };
    expect(continues(last, now_ms, campaignOf(comes_by))).toBe(expected === "same");
  });
});

describe("sessions of all tabs", () => {
  let now = 0;
  const open = (): ReturnType<typeof openSessions> =>
    openSessions(
      openStore(() => localStorage, "s."),
      () => now,
    );
  beforeEach(() => {
    localStorage.clear();
    now = 0;
  });

  test("are one", () => {
    const first = open().touch();
    now = 10 * MINUTE;
    expect(open().touch().started).toBe(first.started);
  });

  test("begin anew with empty times", () => {
    const first = open().touch();
    open().keep({ ...first, paths: { "/": { ms: 5, told: 0 } } });
    now = 31 * MINUTE;
    const second = open().touch();
    expect(second.started).not.toBe(first.started);
    expect(second.paths).toEqual({});
  });
});
