import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { freshPage, setHidden } from "../testing/page";
import { type Attention, createAttention, furthest } from "./attention";
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
  const running: Attention[] = [];
  const open = (): Attention => {
    const sessions = openSessions(
      openStore(() => localStorage, "d."),
      Date.now,
    );
    const page = createAttention(sessions, (_, ms) => told.push(ms));
    running.push(page);
    document.addEventListener("visibilitychange", page.settle);
    return page;
  };
  beforeEach(() => {
    freshPage();
    told = [];
  });
  afterEach(() => {
    for (const page of running.splice(0)) {
      document.removeEventListener("visibilitychange", page.settle);
      for (const stop of page.stops) stop();
    }
  });

  test("counts only while the page is visible", () => {
    const page = open();
    page.enter("/pricing");
    vi.advanceTimersByTime(3_000);
    setHidden(true);
    vi.advanceTimersByTime(60_000);
    setHidden(false);
    vi.advanceTimersByTime(2_000);
    expect(page.settle()).toBe(5_000);
  });

  test("is told once, just beyond the threshold that was named", () => {
    const page = open();
    page.enter("/pricing");
    page.watch({ dwell_ms: [60_000] });
    vi.advanceTimersByTime(59_999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(200_000);
    expect(told).toHaveLength(1);
    expect(told[0]).toBeGreaterThan(60_000);
    expect(told[0]).toBeLessThan(60_100);
  });

  test("is told at each of several thresholds", () => {
    const page = open();
    page.enter("/pricing");
    page.watch({ dwell_ms: [10_000, 60_000] });
    vi.advanceTimersByTime(120_000);
    expect(told.map((ms) => Math.floor(ms / 1_000))).toEqual([10, 60]);
  });

  test("is told at once if the threshold lies behind already", () => {
    const page = open();
    page.enter("/pricing");
    vi.advanceTimersByTime(90_000);
    page.watch({ dwell_ms: [60_000] });
    expect(told).toEqual([90_000]);
  });

  test("is not told again after a reload in the same session", () => {
    const first = open();
    first.enter("/pricing");
    first.watch({ dwell_ms: [5_000] });
    vi.advanceTimersByTime(6_000);
    for (const stop of first.stops) stop();
    const second = open();
    second.enter("/pricing");
    second.watch({ dwell_ms: [5_000] });
    vi.advanceTimersByTime(20_000);
    expect(told).toHaveLength(1);
  });

  test("belongs to its path, and goes on when the visitor returns", () => {
    const page = open();
    page.enter("/pricing");
    vi.advanceTimersByTime(4_000);
    page.enter("/docs");
    vi.advanceTimersByTime(9_000);
    page.enter("/pricing");
    vi.advanceTimersByTime(1_000);
    expect(page.settle()).toBe(5_000);
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
    const page = open();
    page.enter("/pricing");
    expect(vi.getTimerCount()).toBe(0);
    page.watch({ dwell_ms: [60_000] });
    expect(vi.getTimerCount()).toBe(1);
    setHidden(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("of a hundred paths is not kept for ever", () => {
    const page = open();
    for (let at = 0; at < 100; at++) page.enter(`/product/${at}`);
    const session = openStore(() => localStorage, "d.").get<{ paths: object }>("session");
    expect(Object.keys(session?.paths ?? {}).length).toBeLessThanOrEqual(51);
  });
});

describe("a page", () => {
  const VIEW = 1_000;
  let told: [string, object | undefined][] = [];
  let page: Attention;

  const show = (height: number): void => {
    Object.defineProperty(document.documentElement, "scrollHeight", { value: height, configurable: true });
  };
  const scrollTo = (top: number): void => {
    Object.defineProperty(window, "scrollY", { value: top, configurable: true });
    document.dispatchEvent(new Event("scroll"));
  };
  const point = (clientY: number): void => {
    document.documentElement.dispatchEvent(new MouseEvent("mouseleave", { clientY }));
  };

  beforeEach(() => {
    freshPage();
    told = [];
    Object.defineProperty(window, "innerHeight", { value: VIEW, configurable: true });
    show(4 * VIEW);
    scrollTo(0);
    const sessions = openSessions(
      openStore(() => localStorage, "a."),
      Date.now,
    );
    page = createAttention(sessions, (event, _, more) => told.push([event, more]));
    page.enter("/pricing");
  });
  afterEach(() => {
    for (const stop of page.stops) stop();
  });

  test("is told when it was seen down to a threshold, once", () => {
    page.watch({ scroll: [50, 90] });
    scrollTo(0.9 * VIEW);
    expect(told).toEqual([]);
    for (const top of [1.2, 1.5, 0.2, 1.4]) scrollTo(top * VIEW);
    expect(told).toEqual([["Page Scroll", { scroll: 55, scroll_before: 0 }]]);
  });

  test("is told once for thresholds that were passed together, and what was told before with the next", () => {
    page.watch({ scroll: [25, 50, 90] });
    expect(told).toEqual([["Page Scroll", { scroll: 25, scroll_before: 0 }]]);
    scrollTo(3 * VIEW);
    expect(told.slice(1)).toEqual([["Page Scroll", { scroll: 100, scroll_before: 25 }]]);
  });

  test("that fits the window is seen to its end", () => {
    show(VIEW);
    page.watch({ scroll: [90] });
    expect(told).toEqual([["Page Scroll", { scroll: 100, scroll_before: 0 }]]);
  });

  test("is told to be about to be left when the pointer goes to the tabs, once", () => {
    page.watch({ exit_intent: true });
    for (const y of [400, -1, 0, -3]) point(y);
    expect(told).toEqual([["Exit Intent", undefined]]);
  });

  test("is told to be about to be left when the system takes the touch", () => {
    page.watch({ exit_intent: true });
    document.dispatchEvent(new Event("touchcancel"));
    expect(told).toEqual([["Exit Intent", undefined]]);
  });

  test("of which nothing is asked tells nothing", () => {
    page.watch({ dwell_ms: [60_000] });
    scrollTo(3 * VIEW);
    point(-1);
    expect(told).toEqual([]);
  });

  test("tells no more when rules ask the same again, and all anew after it was left", () => {
    const asked = { scroll: [50], exit_intent: true };
    for (let round = 0; round < 2; round++) {
      page.watch(asked);
      scrollTo(2 * VIEW);
      point(-1);
    }
    expect(told).toHaveLength(2);
    page.enter("/docs");
    scrollTo(3 * VIEW);
    expect(told).toHaveLength(2);
    page.watch(asked);
    point(-1);
    expect(told).toHaveLength(4);
  });

  test("hears nothing once it is stopped", () => {
    page.watch({ scroll: [50], exit_intent: true });
    for (const stop of page.stops) stop();
    scrollTo(3 * VIEW);
    point(-1);
    expect(told).toEqual([]);
  });
});
