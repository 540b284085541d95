import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openSocket, type Socket } from "./socket";

/** The browser's WebSocket at its edge: what was sent, and frames to receive. */
class FakeWebSocket {
  static last: FakeWebSocket;
  sent: string[] = [];
  closed = false;
  onmessage = (_: { data: string }): void => {};
  onclose = (): void => {};
  onerror = (): void => {};
  constructor(readonly url: string) {
    FakeWebSocket.last = this;
  }
  send(frame: string): void {
    this.sent.push(frame);
  }
  close(): void {
    this.closed = true;
  }
  receive(...frames: string[]): void {
    for (const data of frames) this.onmessage({ data });
  }
}

const OPEN = '0{"sid":"x","pingInterval":25000,"pingTimeout":20000}';
const JOINED = '40/messenger,{"sid":"y"}';

describe("a connection", () => {
  let heard: unknown[][];
  let visible = true;
  let socket: Socket;
  const line = (): FakeWebSocket => FakeWebSocket.last;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", FakeWebSocket);
    heard = [];
    visible = true;
    const ears = {
      connected: () => heard.push(["connected"]),
      event: (name: string, detail: unknown) => heard.push([name, detail]),
      lost: (refused: boolean) => heard.push(["lost", refused]),
    };
    const attention = { now: () => performance.now(), visible: () => visible };
    socket = openSocket("https://desk.example", "/messenger", { token: "vt_1" }, ears, attention);
  });
  afterEach(() => {
    socket.stop();
    vi.unstubAllGlobals();
  });

  test("joins its namespace with the token", () => {
    expect(line().url).toBe("wss://desk.example/socket.io/?EIO=4&transport=websocket");
    line().receive(OPEN);
    expect(line().sent).toEqual(['40/messenger,{"token":"vt_1"}']);
  });

  test("keeps what comes before the server let us in, and its order", () => {
    line().receive(OPEN, '42/messenger,["part",1]', '42/messenger,["part",2]');
    expect(heard).toEqual([]);
    line().receive(JOINED, '42/messenger,["part",3]');
    expect(heard).toEqual([["connected"], ["part", 1], ["part", 2], ["part", 3]]);
  });

  test("keeps what is said before the server let us in", () => {
    socket.emit("typing", { conversation: "cnv_1" });
    line().receive(OPEN, JOINED);
    expect(line().sent.at(-1)).toBe('42/messenger,["typing",{"conversation":"cnv_1"}]');
  });

  test("answers each ping", () => {
    line().receive(OPEN, JOINED, "2");
    expect(line().sent.at(-1)).toBe("3");
  });

  test("is lost after silence, told once", () => {
    line().receive(OPEN, JOINED);
    vi.advanceTimersByTime(44_000);
    line().receive("2");
    vi.advanceTimersByTime(44_000);
    expect(heard).toEqual([["connected"]]);
    vi.advanceTimersByTime(5_000);
    line().onclose();
    expect(heard).toEqual([["connected"], ["lost", false]]);
    expect(line().closed).toBe(true);
  });

  test("runs no timer while the page is hidden, and finds out when asked", () => {
    line().receive(OPEN, JOINED);
    visible = false;
    line().receive("2");
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(600_000);
    visible = true;
    socket.check();
    expect(heard.at(-1)).toEqual(["lost", false]);
  });

  test("says so when the server does not want us", () => {
    line().receive(OPEN, '44/messenger,{"message":"unknown_token"}');
    expect(heard).toEqual([["lost", true]]);
  });

  test("says nothing after its end", () => {
    line().receive(OPEN, JOINED);
    socket.stop();
    line().onclose();
    expect(heard).toEqual([["connected"]]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
