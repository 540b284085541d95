import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { freshPage, setHidden } from "../testing/page";
import { createDwell, type Dwell, furthest } from "./dwell";
import { openSessions } from "./session";
import { openStore } from "./store";

interface ThresholdCase {
  name: string;
  threshold_ms: number;
  before_ms: number;
  dwell_ms: number;
  expect: boolean;
}
const cases = JSON.parse(readFileSync("../rules/cases/thresholds.json", "utf8")) as ThresholdCase[];

describe("a threshold is reached as the rules have it", () => {
  test.each(cases)("$name", ({ threshold_ms, before_ms, dwell_ms, expect: expected }) => {
    const told = furthest([threshold_ms], 0, before_ms);
    expect(furthest([threshold_ms], told, dwell_ms) > told).toBe(expected);
  });
});

describe("visible time", () => {
  let told: number[] = [];
  const running: Dwell[] = [];
  const open = (): Dwell => {
    const sessions = openSessions(
      openStore(() => localStorage, "d."),
      Date.now,
    );
    const dwell = createDwell(sessions, (ms) => told.push(ms));
    running.push(dwell);
    document.addEventListener("visibilitychange", dwell.settle);
    return dwell;
  };
  beforeEach(() => {
    freshPage();
    told = [];
  });
  afterEach(() => {
    for (const dwell of running.splice(0)) {
      document.removeEventListener("visibilitychange", dwell.settle);
      dwell.stop();
    }
  });

  test("counts only while the page is visible", () => {
    const dwell = open();
    dwell.enter("/pricing");
    vi.advanceTimersByTime(3_000);
    setHidden(true);
    vi.advanceTimersByTime(60_000);
    setHidden(false);
    vi.advanceTimersByTime(2_000);
    expect(dwell.settle()).toBe(5_000);
  });

  test("is told once, just beyond the threshold that was named", () => {
    const dwell = open();
    dwell.enter("/pricing");
    dwell.watch([60_000]);
    vi.advanceTimersByTime(59_999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(200_000);
    expect(told).toHaveLength(1);
    expect(told[0]).toBeGreaterThan(60_000);
    expect(told[0]).toBeLessThan(60_100);
  });

  test("is told at each of several thresholds", () => {
    const dwell = open();
    dwell.enter("/pricing");
    dwell.watch([10_000, 60_000]);
    vi.advanceTimersByTime(120_000);
    expect(told.map((ms) => Math.floor(ms / 1_000))).toEqual([10, 60]);
  });

  test("is told at once if the threshold lies behind already", () => {
    const dwell = open();
    dwell.enter("/pricing");
    vi.advanceTimersByTime(90_000);
    dwell.watch([60_000]);
    expect(told).toEqual([90_000]);
  });

  test("is not told again after a reload in the same session", () => {
    const first = open();
    first.enter("/pricing");
    first.watch([5_000]);
    vi.advanceTimersByTime(6_000);
    first.stop();
    const second = open();
    second.enter("/pricing");
    second.watch([5_000]);
    vi.advanceTimersByTime(20_000);
    expect(told).toHaveLength(1);
  });

  test("belongs to its path, and goes on when the visitor returns", () => {
    const dwell = open();
    dwell.enter("/pricing");
    vi.advanceTimersByTime(4_000);
    dwell.enter("/docs");
    vi.advanceTimersByTime(9_000);
    dwell.enter("/pricing");
    vi.advanceTimersByTime(1_000);
    expect(dwell.settle()).toBe(5_000);
  });

  test("of all tabs is added together", () => {
    const [one, other] = [open(), open()];
    one.enter("/pricing");
    other.enter("/pricing");
    vi.advanceTimersByTime(3_000);
    one.settle();
    expect(other.settle()).toBe(6_000);
  });

  test("runs no timer while the page is hidden, and none without a threshold", () => {
    const dwell = open();
    dwell.enter("/pricing");
    expect(vi.getTimerCount()).toBe(0);
    dwell.watch([60_000]);
    expect(vi.getTimerCount()).toBe(1);
    setHidden(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("of a hundred paths is not kept for ever", () => {
    const dwell = open();
    for (let at = 0; at < 100; at++) dwell.enter(`/product/${at}`);
    const session = openStore(() => localStorage, "d.").get<{ paths: object }>("session");
    expect(Object.keys(session?.paths ?? {}).length).toBeLessThanOrEqual(51);
  });
});
