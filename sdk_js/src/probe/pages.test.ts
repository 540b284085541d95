import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Stop } from "../desk";
import { freshPage } from "../testing/page";
import { pageKey, watchPages } from "./pages";

describe("two addresses are one page view", () => {
  test.each([
    ["/a", "/a", true],
    ["/a", "/b", false],
    ["/a", "/a?x=1", false],
    ["/a", "/a#section", true],
    ["/a", "/a#/route", false],
    ["/a#!/one", "/a#!/two", false],
  ])("%s and %s: %s", (one, other, same) => {
    const key = (path: string): string => pageKey(new URL(path, "https://shop.example"));
    expect(key(one) === key(other)).toBe(same);
  });
});

describe("a page is seen once", () => {
  let seen: string[] = [];
  let left: string[] = [];
  let stop: Stop;
  const settle = (): void => void vi.advanceTimersByTime(100);

  beforeEach(() => {
    freshPage("/start");
    seen = [];
    left = [];
    stop = watchPages(
      () => left.push(location.pathname),
      () => seen.push(location.pathname + location.hash),
    );
  });
  afterEach(() => stop());

  test("after pushState", () => {
    history.pushState(null, "", "/next");
    settle();
    expect(seen).toEqual(["/next"]);
  });

  test("after replaceState followed by pushState", () => {
    history.replaceState({ scroll: 9 }, "", "/start");
    history.pushState(null, "", "/next");
    settle();
    expect(seen).toEqual(["/next"]);
  });

  test("after a redirect through another address", () => {
    history.pushState(null, "", "/middle");
    history.replaceState(null, "", "/next");
    settle();
    expect(seen).toEqual(["/next"]);
    expect(left).toHaveLength(1);
  });

  test("not after pushState to where we are", () => {
    history.pushState(null, "", "/start");
    settle();
    expect(seen).toEqual([]);
  });

  test("when a hash router goes on, though the browser tells twice", () => {
    history.pushState(null, "", "/start#/cart");
    window.dispatchEvent(new Event("popstate"));
    window.dispatchEvent(new Event("hashchange"));
    settle();
    expect(seen).toEqual(["/start#/cart"]);
  });

  test("when the browser takes it from the back/forward cache", () => {
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    expect(seen).toEqual(["/start"]);
  });

  test("not when it is first shown", () => {
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
    expect(seen).toEqual([]);
  });

  test("and never after the end, with History as it was", () => {
    const ours = history.pushState;
    stop();
    expect(history.pushState).not.toBe(ours);
    history.pushState(null, "", "/next");
    settle();
    expect(seen).toEqual([]);
  });

  test("and the end leaves in place what the host put around us", () => {
    const wrapped = history.pushState.bind(history);
    history.pushState = wrapped;
    stop();
    expect(history.pushState).toBe(wrapped);
    history.pushState(null, "", "/next");
    settle();
    expect(seen).toEqual([]);
    // @ts-expect-error: the prototype's own is behind it again
    delete history.pushState;
  });
});

test("where there is a Navigation API, History is not touched", () => {
  freshPage("/start");
  const navigation = new EventTarget();
  vi.stubGlobal("navigation", navigation);
  const before = history.pushState;
  const seen: string[] = [];
  const stop = watchPages(
    () => {},
    () => seen.push(location.pathname),
  );
  expect(history.pushState).toBe(before);
  history.pushState(null, "", "/next");
  navigation.dispatchEvent(new Event("currententrychange"));
  vi.advanceTimersByTime(100);
  expect(seen).toEqual(["/next"]);
  stop();
  vi.unstubAllGlobals();
});
