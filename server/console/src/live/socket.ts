import type { QueryClient } from "@tanstack/react-query";
import { io, type Socket } from "socket.io-client";
import { keys } from "../api/keys.ts";
import type { ConversationSummary, Part, Person, Teammate } from "../api/types.ts";
import { setConnected } from "./connection.ts";
import { receive } from "./parts.ts";
import { heardTyping, stoppedTyping } from "./typing.ts";

interface Pushes {
  part: (part: Part) => void;
  conversation: (summary: ConversationSummary) => void;
  read: (push: { conversation: string; seq: number; by: "visitor" | "teammate" }) => void;
  typing: (push: { conversation: string; name: string; by: "visitor" | "teammate" }) => void;
  person: (push: Pick<Person, "id" | "online" | "page_now">) => void;
  teammate: (push: Pick<Teammate, "id" | "online">) => void;
}

interface Asks {
  viewing: (ask: { conversation: string | null }) => void;
  typing: (ask: { conversation: string }) => void;
}

let socket: Socket<Pushes, Asks> | null = null;

/** Runs `work` once for a burst of calls: one message pushes a part and a conversation, and wants one fetch. */
function gathered(work: () => void, afterMs: number): { call: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    call() {
      timer ??= setTimeout(() => {
        timer = undefined;
        work();
      }, afterMs);
    },
    stop: () => clearTimeout(timer),
  };
}

function patch<T extends object>(client: QueryClient, key: readonly unknown[], change: Partial<T>): void {
  client.setQueryData<T>(key, (held) => (held === undefined ? held : { ...held, ...change }));
}

/** What each push does to what we hold. A push is a hint; lists are asked for again. */
function handlers(client: QueryClient, lists: () => void, people: () => void): Pushes {
  return {
    part(part) {
      if (part.author.kind === "visitor") stoppedTyping(part.conversation);
      receive(client, part);
      lists();
    },
    conversation({ read_seq: _read, unread: _unread, ...summary }) {
      patch<ConversationSummary>(client, keys.conversation(summary.id), summary);
      lists();
    },
    read({ conversation, seq, by }) {
      if (by === "visitor")
        patch<ConversationSummary>(client, keys.conversation(conversation), { visitor_read_seq: seq });
    },
    typing({ conversation, name }) {
      heardTyping(conversation, name);
    },
    person(push) {
      patch<Person>(client, keys.person(push.id), push);
      void client.invalidateQueries({ queryKey: keys.events(push.id) });
      people();
    },
    teammate(push) {
      client.setQueryData<Teammate[]>(keys.teammates, (held) =>
        held?.map((each) => (each.id === push.id ? { ...each, online: push.online } : each)),
      );
    },
  };
}

function refetchAll(client: QueryClient): void {
  void client.invalidateQueries({ predicate: (each) => each.queryKey[0] !== keys.session[0] });
}

/** Opens the socket for a signed-in teammate; returns its stop. After a reconnect everything in view is asked for again. */
export function connect(client: QueryClient): () => void {
  const lists = gathered(() => {
    for (const key of [keys.conversationLists, keys.views]) void client.invalidateQueries({ queryKey: key });
  }, 120);
  const people = gathered(() => {
    void client.invalidateQueries({ queryKey: [...keys.people, "list"] });
  }, 1_000);
  const opened: Socket<Pushes, Asks> = io("/console", {
    transports: ["websocket"],
    reconnectionDelayMax: 8_000,
  });
  let before = false;
  opened.on("connect", () => {
    setConnected(true);
    if (before) refetchAll(client);
    before = true;
    if (viewed !== null) opened.emit("viewing", { conversation: viewed });
  });
  opened.on("disconnect", () => setConnected(false));
  for (const [name, handle] of Object.entries(handlers(client, lists.call, people.call)))
    opened.on(name as keyof Pushes, handle);
  socket = opened;
  return () => {
    lists.stop();
    people.stop();
    opened.close();
    socket = null;
    setConnected(true);
  };
}

let viewed: string | null = null;

export function viewing(conversation: string | null): void {
  viewed = conversation;
  if (socket?.connected) socket.emit("viewing", { conversation });
}

export function typing(conversation: string): void {
  if (socket?.connected) socket.emit("typing", { conversation });
}
