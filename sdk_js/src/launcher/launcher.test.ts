import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Desk, Intent, Launcher } from "../desk";
import { createBus } from "../probe/bus";
import { openStore } from "../probe/store";
import { FakeServer } from "../testing/fake_server";
import { freshPage } from "../testing/page";
import type { Delivery } from "../wire";
import { startLauncher } from "./launcher";

const delivery = (id: string, more: Partial<Delivery> = {}): Delivery => ({
  id,
  rule: "rul_1",
  kind: "chat",
  from: { name: "Li Na", avatar: null },
  locale: "en",
  content: { text: "Comparing plans?", reply_label: "Help me choose" },
  expires_at: null,
  ...more,
});

describe("the launcher", () => {
  let server: FakeServer;
  let launcher: Launcher;
  let opened: (Intent | undefined)[];
  const bus = createBus();
  const desk = (language = "en"): Desk => ({
    settings: {
      key: "pk_1",
      host: "https://desk.example",
      messenger: "/sdk/messenger.js",
      look: { color: "#ffd400" },
    },
    language,
    store: openStore(() => localStorage, "l."),
    tab: openStore(() => sessionStorage, "l."),
    token: () => "vt_1",
    epoch: () => 0,
    page: () => ({ url: "", title: "", dwell_ms: 0 }),
    load: async () =>
      (async () => ({ open: (intent?: Intent) => opened.push(intent), close() {}, stop() {} })) as never,
    say: bus.say,
    on: bus.on,
    forget() {},
  });
  const start = (language?: string): void => {
    launcher = startLauncher(desk(language));
  };
  const root = (): ShadowRoot => document.querySelector("#frontdesk")?.shadowRoot as ShadowRoot;
  const find = (name: string): HTMLElement | null => root().querySelector(`[data-testid="${name}"]`);
  const reported = (): string[] =>
    server.heard.map(({ path }) => path.replace("/messenger/v1/deliveries/", ""));

  beforeEach(() => {
    freshPage();
    server = new FakeServer();
    opened = [];
    start();
  });
  afterEach(() => {
    launcher.stop();
    vi.unstubAllGlobals();
  });

  test("stands beside the body, which frameworks may replace", () => {
    expect(document.querySelector("#frontdesk")?.parentElement).toBe(document.documentElement);
  });

  test("is labelled, and says whether the panel is open", () => {
    expect(find("launcher")?.ariaLabel).toBe("Open chat");
    expect(find("launcher")?.ariaExpanded).toBe("false");
  });

  test("says how much is unread", () => {
    launcher.unread(2);
    expect(find("unread")?.textContent).toBe("2");
    expect(find("launcher")?.ariaLabel).toBe("Open chat, 2 unread");
    launcher.unread(0);
    expect(find("unread")?.textContent).toBe("");
  });

  test("speaks Chinese before the language file is there", () => {
    launcher.stop();
    start("zh-CN");
    expect(find("launcher")?.ariaLabel).toBe("打开对话");
  });

  test.each(["survey", "tour", "hint", "checklist", "hologram"])(
    "leaves a %s, which it cannot draw, unseen",
    (kind) => {
      launcher.deliver(delivery("dlv_0", { kind, content: {} as Delivery["content"] }));
      expect([find("card"), reported()]).toEqual([null, []]);
      launcher.deliver(delivery("dlv_1"));
      expect(reported()).toEqual(["dlv_1/seen"]);
    },
  );

  test("shows who speaks, the words and one answer, and reports it seen", () => {
    launcher.deliver(delivery("dlv_1"));
    expect(find("card")?.textContent).toBe("LNLi NaComparing plans?Help me choose");
    expect(reported()).toEqual(["dlv_1/seen"]);
  });

  test("never runs markup that a message brings", () => {
    launcher.deliver(delivery("dlv_1", { content: { text: "<img src=x onerror=alert(1)>" } }));
    expect(find("card")?.querySelector("img")).toBeNull();
    expect(find("card")?.textContent).toContain("<img src=x");
  });

  test("opens the reply from the answer", async () => {
    launcher.deliver(delivery("dlv_1"));
    find("card-answer")?.click();
    await vi.advanceTimersByTimeAsync(1);
    expect(find("card")).toBeNull();
    expect(opened).toEqual([{ delivery: expect.objectContaining({ id: "dlv_1" }) }]);
    expect(reported()).toEqual(["dlv_1/seen", "dlv_1/clicked"]);
  });

  test("follows the visitor to the next page until it is answered", () => {
    launcher.deliver(delivery("dlv_1"));
    launcher.stop();
    start();
    expect(find("card")).not.toBeNull();
  });

  test("never shows again what was dismissed, here or on the next page", () => {
    launcher.deliver(delivery("dlv_1"));
    find("card-dismiss")?.click();
    expect(find("card")).toBeNull();
    launcher.deliver(delivery("dlv_1"));
    expect(find("card")).toBeNull();
    launcher.stop();
    start();
    launcher.deliver(delivery("dlv_1"));
    expect(find("card")).toBeNull();
    expect(reported()).toEqual(["dlv_1/seen", "dlv_1/dismissed"]);
  });

  test("shows one at a time, the oldest first", () => {
    launcher.deliver(delivery("dlv_1", { content: { text: "First" } }));
    launcher.deliver(delivery("dlv_2", { content: { text: "Second" } }));
    expect(find("card")?.textContent).toContain("First");
    find("card-dismiss")?.click();
    expect(find("card")?.textContent).toContain("Second");
  });

  test("does not show what has expired", () => {
    launcher.deliver(delivery("dlv_1", { expires_at: "2026-03-02T09:59:59.000Z" }));
    expect(find("card")).toBeNull();
  });

  test("shows nothing of the person before", () => {
    launcher.deliver(delivery("dlv_1"));
    bus.say("reset");
    expect(find("card")).toBeNull();
  });

  test("hides and shows", () => {
    launcher.hide();
    expect(root().querySelector<HTMLElement>(".shell")?.hidden).toBe(true);
    launcher.show();
    expect(root().querySelector<HTMLElement>(".shell")?.hidden).toBe(false);
  });

  test("leaves nothing behind", () => {
    launcher.stop();
    expect(document.querySelector("#frontdesk")).toBeNull();
  });
});
