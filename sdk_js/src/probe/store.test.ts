import { beforeEach, expect, test } from "vitest";
import { openStore, ROOM } from "./store";

beforeEach(() => localStorage.clear());

const blocked = (): Storage => {
  throw new DOMException("denied", "SecurityError");
};

test("a value outlives the page", () => {
  openStore(() => localStorage, "a.").set("name", { x: 1 });
  expect(openStore(() => localStorage, "a.").get("name")).toEqual({ x: 1 });
});

test("null removes", () => {
  const store = openStore(() => localStorage, "a.");
  store.set("name", 1);
  store.set("name", null);
  expect(store.get("name")).toBeNull();
  expect(localStorage.length).toBe(0);
});

test("where storage is blocked, values live in memory", () => {
  const store = openStore(blocked, "a.");
  store.set("name", "kept");
  expect(store.get("name")).toBe("kept");
  store.clear();
  expect(store.get("name")).toBeNull();
});

test("beyond our room nothing more is stored, yet nothing is forgotten", () => {
  const store = openStore(() => localStorage, "a.");
  store.set("first", "x".repeat(ROOM / 2));
  store.set("second", "y".repeat(ROOM));
  expect(store.get<string>("second")).toHaveLength(ROOM);
  expect(Object.keys(localStorage)).toEqual(["a.first"]);
});

test("text of ours that is damaged counts as absent", () => {
  localStorage.setItem("a.name", "{broken");
  expect(openStore(() => localStorage, "a.").get("name")).toBeNull();
});

test("clear takes ours and leaves the host's", () => {
  localStorage.setItem("hosts", "1");
  const store = openStore(() => localStorage, "a.");
  store.set("name", 1);
  store.clear();
  expect(Object.keys(localStorage)).toEqual(["hosts"]);
});
