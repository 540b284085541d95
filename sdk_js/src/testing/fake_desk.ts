import { vi } from "vitest";
import type { Conversation, Part } from "../wire";
import { conversation, part } from "./said";

/** A desk of the server: what was said, answered as the REST interface does. */
export class FakeDesk {
  conversations: Conversation[] = [];
  parts: Part[] = [];
  /** Answers nothing while it is down; loses only the answer while it is "deaf". */
  line: "up" | "down" | "deaf" | number = "up";
  asked: string[] = [];

  constructor() {
    vi.stubGlobal("fetch", async (url: string, { method = "GET", body }: RequestInit = {}) => {
      const path = new URL(url).pathname.replace("/messenger/v1", "");
      this.asked.push(`${method} ${path}`);
      if (this.line === "down") throw new TypeError("network");
      if (typeof this.line === "number") return new Response("{}", { status: this.line });
      const answer = this.answer(method, path, body ? JSON.parse(String(body)) : {});
      if (this.line === "deaf") throw new TypeError("network");
      return new Response(JSON.stringify(answer));
    });
  }

  say(body: string, kind: Part["author"]["kind"], client_id: string | null = null): Part {
    const known = this.parts.find((one) => client_id && one.client_id === client_id);
    if (known) return known;
    const said = part(this.parts.length + 1, kind, { body, client_id });
    this.parts.push(said);
    const unread = kind === "teammate" ? 1 : 0;
    this.conversations = [conversation("cnv_1", { last_part: said, last_seq: said.seq, unread })];
    return said;
  }

  private answer(
    method: string,
    path: string,
    body: { body: string; delivery?: string; client_id: string },
  ): unknown {
    if (path === "/home") {
      const workspace = { name: "Bellshop" };
      return {
        workspace,
        team: [],
        online: true,
        reply_time: "minutes",
        conversations: this.conversations,
        unread: 0,
      };
    }
    if (method === "GET") return path.includes("/parts") ? { data: this.parts } : this.conversations[0];
    if (path === "/conversations") {
      if (body.delivery && this.parts.length === 0) this.say("Comparing plans?", "rule");
      this.say(body.body, "visitor", body.client_id);
      return { conversation: this.conversations[0], parts: this.parts };
    }
    return path.endsWith("/parts") ? this.say(body.body, "visitor", body.client_id) : null;
  }
}
