import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeServer } from "../testing/fake_server";
import { freshPage, setHidden } from "../testing/page";
import type { Answer } from "../wire";
import { openIdentity } from "./identity";
import { openQueue, type TrackedEvent } from "./queue";
import { createSender, eventOf, type Sender } from "./sender";
import { openStore } from "./store";

const HOST = "https://desk.example";

describe("the sender", () => {
  let server: FakeServer;
  let sender: Sender;
  let answers: Answer[];
  let identity: ReturnType<typeof openIdentity>;
  const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const add = (name: string, text = ""): TrackedEvent => {
    const event = eventOf("track", Date.now(), { event: name, text });
    sender.add(event);
    return event;
  };
  const waiting = (): unknown[] => JSON.parse(localStorage.getItem("t.queue") ?? "[]");

  beforeEach(() => {
    freshPage();
    server = new FakeServer();
    answers = [];
    const store = openStore(() => localStorage, "t.");
    identity = openIdentity(store, "t", () => {});
    sender = createSender({
      host: HOST,
      key: "pk_1",
      identity,
      queue: openQueue(store),
      answered: (one) => answers.push(one),
    });
  });
  afterEach(() => {
    sender.stop();
    vi.unstubAllGlobals();
  });

  test("gathers what happens together into one batch with key, token and time", async () => {
    identity.learn({ token: "vt_1" });
    add("one");
    add("two");
    await wait(100);
    expect(server.heard).toHaveLength(1);
    const { path, body } = server.heard[0] as FakeServer["heard"][0];
    expect(path).toBe("/v1/batch");
    expect(body).toMatchObject({
      writeKey: "pk_1",
      token: "vt_1",
      batch: [{ event: "one" }, { event: "two" }],
    });
    expect(Date.parse(body.sentAt as string)).toBeGreaterThan(0);
  });

  test("keeps an event until the server has it, and sends it under the same id", async () => {
    server.answer("down", { status: 503 });
    const { messageId } = add("precious");
    await wait(100);
    expect(waiting()).toHaveLength(1);
    await wait(5_000);
    expect(server.events.map((event) => event.messageId)).toEqual([messageId, messageId, messageId]);
    expect(waiting()).toEqual([]);
  });

  test("waits longer each time, and never more than a minute", async () => {
    server.usual = "down";
    add("one");
    await wait(10 * 60_000);
    const inTenMinutes = server.heard.length;
    expect(inTenMinutes).toBeGreaterThan(12);
    expect(inTenMinutes).toBeLessThan(35);
  });

  test("waits as long as the server asks", async () => {
    server.answer({ status: 429, headers: { "retry-after": "20" } });
    add("one");
    await wait(19_000);
    expect(server.heard).toHaveLength(1);
    await wait(2_000);
    expect(server.heard).toHaveLength(2);
  });

  test.each([400, 401, 403])("drops a batch that is refused for good: %s", async (status) => {
    server.answer({ status });
    add("bad");
    await wait(60_000);
    expect(server.heard).toHaveLength(1);
    expect(waiting()).toEqual([]);
  });

  test.each([
    ["the site key is unknown", 401],
    ["its page may not send", 403],
  ])("is silent for good once %s", async (_why, status) => {
    server.answer({ status });
    add("one");
    await wait(1_000);
    add("two");
    await wait(60_000);
    expect(server.heard).toHaveLength(1);
  });

  test("halves a batch that is too large", async () => {
    server.answer({ status: 413 });
    for (const name of ["1", "2", "3", "4"]) add(name);
    await wait(1_000);
    expect(server.heard.map(({ body }) => (body.batch as []).length)).toEqual([4, 2, 2]);
  });

  test("sends one request at a time, so that events arrive in order", async () => {
    let release = (_: Response): void => {};
    vi.stubGlobal(
      "fetch",
      vi.fn(() => new Promise<Response>((resolve) => (release = resolve))),
    );
    add("one");
    await wait(100);
    add("two");
    await wait(1_000);
    expect(fetch).toHaveBeenCalledTimes(1);
    release(new Response("{}"));
    await wait(100);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  test("hands everything to the browser when the page goes", async () => {
    add("last words");
    sender.leave();
    expect(server.heard).toMatchObject([{ by: "beacon", body: { batch: [{ event: "last words" }] } }]);
    expect(waiting()).toEqual([]);
    await wait(1_000);
    expect(server.heard).toHaveLength(1);
  });

  test("keeps what the browser does not take", () => {
    vi.stubGlobal("navigator", { ...navigator, language: "en", sendBeacon: () => false });
    add("kept");
    sender.leave();
    expect(waiting()).toHaveLength(1);
  });

  test("runs no timer while the page is hidden", () => {
    setHidden(true);
    add("one");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("tries again at once when the line is back", async () => {
    server.answer("down");
    add("one");
    await wait(100);
    window.dispatchEvent(new Event("online"));
    await wait(1);
    expect(server.heard).toHaveLength(2);
  });

  test("drops an answer that was meant for the person before", async () => {
    server.answer({ body: { deliveries: [{ id: "dlv_1" }] } });
    add("of the first");
    vi.advanceTimersByTime(60);
    identity.renew();
    await wait(100);
    expect(answers.flatMap(({ deliveries = [] }) => deliveries)).toEqual([]);
  });
});
