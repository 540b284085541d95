import { vi } from "vitest";
import type { Answer } from "../wire";

export interface Heard {
  path: string;
  method: string;
  body: Record<string, unknown>;
  by: "fetch" | "beacon";
}

/** An event as it was sent, as far as tests look at it. */
export interface Sent {
  type: string;
  event?: string;
  name?: string;
  messageId: string;
  timestamp: string;
  anonymousId: string;
  userId?: string;
  properties?: Record<string, unknown>;
  context: { page: { path: string; title: string; referrer: string } };
}

type Reply = { status?: number; body?: unknown; headers?: Record<string, string> } | "down";

/** The network at its edge: what a page asked, and answers in the order they were set; otherwise all is well. */
export class FakeServer {
  heard: Heard[] = [];
  private replies: Reply[] = [];
  usual: Reply = {
    body: { success: true, next_ms: 30_000, watch: {}, deliveries: [] } satisfies Answer & {
      success: boolean;
    },
  };

  constructor() {
    vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
      this.note(url, "fetch", init);
      const reply = this.replies.shift() ?? this.usual;
      if (reply === "down") throw new TypeError("network");
      const { status = 200, body = {}, headers } = reply === this.usual ? this.welcome(reply) : reply;
      return new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
    });
    vi.stubGlobal(
      "navigator",
      Object.create(navigator, { sendBeacon: { value: this.beacon, configurable: true } }),
    );
  }

  /** Answers the next requests so. */
  answer(...replies: Reply[]): void {
    this.replies.push(...replies);
  }

  /** The events of all batches, in the order they came. */
  get events(): Sent[] {
    return this.heard.filter(({ path }) => path === "/v1/batch").flatMap(({ body }) => body.batch as Sent[]);
  }

  named(name: string): Sent[] {
    return this.events.filter(({ type, event }) => (event ?? type) === name);
  }

  /** Who has no token yet gets one, as with the real server. */
  private welcome(reply: Exclude<Reply, "down">): Exclude<Reply, "down"> {
    const { path, body } = this.heard.at(-1) as Heard;
    const stranger = path === "/v1/batch" && !body.token;
    return stranger ? { ...reply, body: { ...(reply.body as object), visitor_token: "vt_usual" } } : reply;
  }

  private beacon = (url: string, body: string): boolean => {
    this.note(url, "beacon", { method: "POST", body });
    return true;
  };

  private note(url: string, by: Heard["by"], { method = "GET", body }: RequestInit): void {
    const { pathname, search } = new URL(url);
    this.heard.push({ path: pathname + search, method, body: body ? JSON.parse(String(body)) : {}, by });
  }
}
