import { beforeEach, describe, expect, test, vi } from "vitest";
import { freshPage } from "../testing/page";
import { readCookie, registrableDomain, writeCookie } from "./cookie";
import { type Identity, openIdentity } from "./identity";
import { openStore } from "./store";

const open = (changed = vi.fn()): Identity =>
  openIdentity(
    openStore(() => localStorage, "i."),
    "fd",
    changed,
  );

beforeEach(() => freshPage());

describe("who this browser is", () => {
  test("stays the same on the next page", () => {
    const id = open().me().id;
    expect(open().me().id).toBe(id);
  });

  test("is told by the cookie, which other subdomains see too", () => {
    const one = open();
    one.learn({ token: "vt_1" });
    localStorage.clear();
    expect(open().me()).toEqual({ id: one.me().id, token: "vt_1" });
  });

  test("is told by storage where the cookie ran out, and the cookie is written again", () => {
    const { id } = open().me();
    writeCookie("fd", "");
    expect(open().me().id).toBe(id);
    expect(readCookie("fd")).toContain(id);
  });

  test("is remembered by name", () => {
    open().learn({ user: "u1" });
    expect(open().me().user).toBe("u1");
  });

  test("changes when another tab logs out, and what was asked before is dropped", () => {
    const changed = vi.fn();
    const [here, there] = [open(changed), open()];
    here.learn({ token: "vt_1", user: "u1" });
    const epoch = here.epoch();
    there.me();
    there.renew();
    expect(here.me().id).toBe(there.me().id);
    expect(here.me().token).toBeUndefined();
    expect(here.me().user).toBeUndefined();
    expect(here.epoch()).toBeGreaterThan(epoch);
    expect(changed).toHaveBeenCalledOnce();
  });

  test("starts as a stranger after renew", () => {
    const one = open();
    const { id } = one.me();
    one.learn({ token: "vt_1", user: "u1" });
    one.renew();
    expect(one.me()).toEqual({ id: expect.not.stringMatching(id) });
  });

  test("lives in memory where neither cookie nor storage works", () => {
    const refused = (): Storage => {
      throw new DOMException("denied", "SecurityError");
    };
    const nowhere = openIdentity(openStore(refused, "i."), "bad cookie name;", vi.fn());
    const { id } = nowhere.me();
    nowhere.learn({ token: "vt_1" });
    expect(nowhere.me()).toEqual({ id, token: "vt_1" });
  });
});

describe("the registrable domain", () => {
  test.each(["127.0.0.1", "[::1]", "localhost"])("of %s is none", (host) => {
    expect(registrableDomain(host)).toBe("");
  });

  test("is the shortest one the browser takes a cookie for", () => {
    const jar = vi.spyOn(document, "cookie", "set").mockImplementation((text) => {
      taken = /domain=(shop\.co\.uk|www\.shop\.co\.uk)\b/.test(text) && !/max-age=0/.test(text);
    });
    let taken = false;
    const read = vi.spyOn(document, "cookie", "get").mockImplementation(() => (taken ? "frontdesk=1" : ""));
    expect(registrableDomain("www.shop.co.uk")).toBe("shop.co.uk");
    jar.mockRestore();
    read.mockRestore();
  });
});
