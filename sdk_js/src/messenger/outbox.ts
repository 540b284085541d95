import type { Desk, Stop } from "../desk";
import { newId } from "../probe/ids";
import { listen } from "../probe/listen";
import type { Delivery } from "../wire";
import type { Api, Result } from "./api";
import type { Model } from "./model";
import { type Pending, withParts, withStarted } from "./state";

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

export interface Outbox {
  send(thread: string, body: string, delivery?: Delivery): void;
  retry(clientId: string): void;
  /** Tries what waits. */
  flush(): void;
  stop: Stop;
}

/**
 * The visitor's messages on their way: kept in the browser until the server confirmed them, sent in order, one at a time,
 * each under an id of its own, so that a resend after a reload or a lost answer is the same message.
 */
export function createOutbox(desk: Desk, api: Api, model: Model): Outbox {
  let busy = false;
  let tries = 0;
  let timer = 0;

  const update = (change: (pending: Pending[]) => Pending[]): void =>
    model.set((state) => ({ ...state, pending: change(state.pending) }));
  const exists = (thread: string): boolean => thread.startsWith("cnv_");
  const deliver = async (message: Pending): Promise<Result<unknown>> => {
    const { thread } = message;
    if (exists(thread)) {
      const answer = await api.say(message);
      if (answer.ok) model.set((state) => withParts(state, thread, [answer.data]));
      return answer;
    }
    const answer = await api.start(message);
    if (!answer.ok) return answer;
    const { conversation, parts } = answer.data;
    // What was typed meanwhile belongs to the conversation now.
    desk.store.set(`draft.${conversation.id}`, desk.store.get(`draft.${thread}`));
    desk.store.set(`draft.${thread}`, null);
    model.set((state) => withParts(withStarted(state, thread, conversation), conversation.id, parts));
    return answer;
  };
  const again = (wait: number): void => {
    clearTimeout(timer);
    const pause = wait || Math.min(FIRST_RETRY_MS * 2 ** tries++, LAST_RETRY_MS);
    model.set((state) => ({ ...state, offline: true }));
    if (!document.hidden) timer = setTimeout(flush, pause) as unknown as number;
  };
  const flush = async (): Promise<void> => {
    const message = model.get().pending.find(({ failed }) => !failed);
    if (busy || !message || !desk.token()) return;
    busy = true;
    const answer = await deliver(message);
    busy = false;
    if (answer.ok) {
      tries = 0;
      model.set((state) => ({ ...state, offline: false }));
      return flush();
    }
    if (answer.status === -1 || answer.status === 401) return;
    if (passing(answer.status)) return again(answer.wait);
    update((pending) =>
      pending.map((one) => (one.client_id === message.client_id ? { ...one, failed: true } : one)),
    );
    return flush();
  };
  const stopListening = [
    listen(window, "online", flush),
    listen(document, "visibilitychange", flush),
    desk.on("token", flush),
    model.listen(({ pending }, before) => {
      if (pending !== before.pending) desk.store.set("outbox", pending.length ? pending : null);
    }),
  ];
  return {
    send(thread, body, delivery) {
      const message = {
        client_id: newId(),
        thread,
        delivery,
        body,
        page: desk.page(),
        at: new Date().toISOString(),
      };
      update((pending) => [...pending, message]);
      void flush();
    },
    retry(clientId) {
      update((pending) =>
        pending.map((one) => (one.client_id === clientId ? { ...one, failed: false } : one)),
      );
      void flush();
    },
    flush,
    stop() {
      clearTimeout(timer);
      for (const stop of stopListening) stop();
    },
  };
}

/** What may succeed later without anyone changing anything. */
function passing(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

/** Messages that an earlier page could not send. */
export function keptMessages(desk: Desk): Pending[] {
  return desk.store.get<Pending[]>("outbox") ?? [];
}
