import { beforeEach, describe, expect, test } from "vitest";
import { continues, openSessions, type Session } from "./session";
import { openStore } from "./store";

const MINUTE = 60_000;
const session = (campaign?: string): Session => ({
  started: 0,
  active: 23 * 60 * MINUTE,
  campaign,
  paths: {},
});

describe("a session", () => {
  const spring = "utm_campaign=spring";
  test.each([
    ["goes on within 30 minutes", session(), 23 * 60 + 29, undefined, true],
    ["ends after 30 idle minutes", session(), 23 * 60 + 30, undefined, false],
    ["ends after 24 hours, however busy", session(), 24 * 60, undefined, false],
    ["ends when a campaign brings the visitor back", session(), 23 * 60 + 1, spring, false],
    ["goes on within the same campaign", session(spring), 23 * 60 + 1, spring, true],
    ["keeps its campaign on pages without one", session(spring), 23 * 60 + 1, undefined, true],
  ])("%s", (_, last, minute, campaign, expected) => {
    expect(continues(last, minute * MINUTE, campaign)).toBe(expected);
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
