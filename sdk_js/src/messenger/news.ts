import type { Stop } from "../desk";
import type { Conversation, Delivery, Part } from "../wire";
import type { Api } from "./api";
import type { Model } from "./model";
import { lastSeq, withConversation, withHome, withParts, withSeen, withTyping } from "./state";

/** Without another word from them, a teammate has stopped typing. */
const TYPING_MS = 6_000;

export interface Newsroom {
  api: Api;
  model: Model;
  deliver(delivery: Delivery): void;
  /** Tries to send what waits: the line works. */
  flush(): void;
}

export interface News {
  push(name: string, detail: unknown): void;
  missed(): void;
  /** Brings one thread up to date. */
  sync(thread: string): Promise<void>;
  stop: Stop;
}

/** A push is a hint, the truth is the server: what follows on is applied, anything else makes us ask. */
export function createNews({ api, model, deliver, flush }: Newsroom): News {
  let timer = 0;
  let asking = false;

  const sync = async (thread: string): Promise<void> => {
    if (!thread.startsWith("cnv_")) return;
    if (!model.get().conversations[thread]) await learn(thread);
    const answer = await api.parts(thread, lastSeq(model.get(), thread));
    if (answer.ok) model.set((state) => withParts(state, thread, answer.data.data));
  };
  const learn = async (thread: string): Promise<void> => {
    const answer = await api.conversation(thread);
    if (answer.ok) model.set((state) => withConversation(state, answer.data));
  };
  const missed = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    const answer = await api.home();
    asking = false;
    const { view, parts } = model.get();
    if (answer.ok) {
      model.set((state) => ({ ...withHome(state, answer.data), offline: false }));
      flush();
    } else if (answer.status === 0) model.set((state) => ({ ...state, offline: true }));
    const looked = new Set([...Object.keys(parts), view.name === "thread" ? view.thread : ""]);
    for (const thread of looked) void sync(thread);
  };
  const take: Record<string, (detail: never) => void> = {
    part(part: Part) {
      const { conversations } = model.get();
      const follows =
        conversations[part.conversation] && part.seq <= lastSeq(model.get(), part.conversation) + 1;
      if (follows) model.set((state) => withParts(state, part.conversation, [part]));
      else void sync(part.conversation);
    },
    conversation: (one: Conversation) => model.set((state) => withConversation(state, one)),
    read: ({ conversation, seq }: { conversation: string; seq: number }) =>
      model.set((state) => withSeen(state, conversation, seq)),
    typing({ conversation, name }: { conversation: string; name: string }) {
      clearTimeout(timer);
      model.set((state) => withTyping(state, conversation, name));
      timer = setTimeout(
        () => model.set((state) => withTyping(state, conversation, null)),
        TYPING_MS,
      ) as unknown as number;
    },
    delivery: deliver,
  };
  return {
    push: (name, detail) => take[name]?.(detail as never),
    missed: () => void missed(),
    sync,
    stop: () => clearTimeout(timer),
  };
}
