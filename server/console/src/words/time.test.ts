import { describe, expect, it } from "vitest";
import { ago, brief, clockTime, day, full, sameDay, span } from "./time.ts";

const NOW = new Date(2026, 10, 22, 12, 0, 0).getTime();
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("how long ago", () => {
  it.each([
    [0, "now", "现在"],
    [59 * SECOND, "now", "现在"],
    [-5 * MINUTE, "now", "现在"],
    [MINUTE, "1 min. ago", "1分钟前"],
    [59 * MINUTE, "59 min. ago", "59分钟前"],
    [HOUR, "1 hr. ago", "1小时前"],
    [23 * HOUR, "23 hr. ago", "23小时前"],
    [DAY, "Nov 21", "11月21日"],
    [400 * DAY, "Oct 18, 2025", "2025年10月18日"],
  ])("%i ms before now reads %s", (passed, english, chinese) => {
    expect(ago(NOW - passed, NOW, "en")).toBe(english);
    expect(ago(NOW - passed, NOW, "zh-CN")).toBe(chinese);
  });
});

describe("a list row", () => {
  it.each([
    [10 * SECOND, "now", "现在"],
    [4 * MINUTE, "4m", "4分钟"],
    [3 * HOUR, "3h", "3小时"],
    [2 * DAY, "Nov 20", "11月20日"],
  ])("%i ms before now reads %s", (passed, english, chinese) => {
    expect(brief(NOW - passed, NOW, "en")).toBe(english);
    expect(brief(NOW - passed, NOW, "zh-CN")).toBe(chinese);
  });
});

describe("a length of time", () => {
  it.each([
    [61_400, "61 sec", "61秒"],
    [2 * MINUTE, "2 min", "2分钟"],
    [90 * MINUTE, "1 hr", "1小时"],
    [49 * HOUR, "2 days", "2天"],
  ])("%i ms reads %s", (ms, english, chinese) => {
    expect(span(ms, "en")).toBe(english);
    expect(span(ms, "zh-CN")).toBe(chinese);
  });
});

describe("a day", () => {
  it("is named while it is near, and dated after", () => {
    expect(day(NOW, NOW, "en")).toBe("Today");
    expect(day(NOW - DAY, NOW, "en")).toBe("Yesterday");
    expect(day(NOW - DAY, NOW, "zh-CN")).toBe("昨天");
    expect(day(NOW - 3 * DAY, NOW, "en")).toBe("Thursday, November 19");
    expect(day(NOW - 3 * DAY, NOW, "zh-CN")).toBe("11月19日星期四");
  });

  it("changes at the reader's midnight", () => {
    expect(sameDay(new Date(2026, 10, 22, 0, 1).getTime(), NOW)).toBe(true);
    expect(sameDay(new Date(2026, 10, 21, 23, 59).getTime(), NOW)).toBe(false);
  });
});

describe("the full time", () => {
  it("has the date and the seconds", () => {
    expect(full(NOW, "en")).toContain("November 22, 2026");
    expect(full(NOW, "en")).toMatch(/12:00:00/);
    expect(full(NOW, "zh-CN")).toContain("2026年11月22日");
    expect(clockTime(NOW, "zh-CN")).toBe("12:00");
  });
});
