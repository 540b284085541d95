import type { Conversation, Delivery, Home, PageNow, Part } from "../wire";

/** A message of the visitor that the server has not confirmed. */
export interface Pending {
  client_id: string;
  /** A conversation's id, or for one that does not exist yet "new" or the delivery it answers. */
  thread: string;
  delivery?: Delivery;
  body: string;
  page: PageNow;
  at: string;
  /** The server declined it; only the visitor may try again. */
  failed?: boolean;
}

export type View = { name: "home" } | { name: "thread"; thread: string; delivery?: Delivery };

export interface State {
  open: boolean;
  view: View;
  home: Home | null;
  conversations: Record<string, Conversation>;
  parts: Record<string, Part[]>;
  pending: Pending[];
  /** Who is typing, by conversation. */
  typing: Record<string, string>;
  offline: boolean;
}

export const EMPTY: State = {
  open: false,
  view: { name: "home" },
  home: null,
  conversations: {},
  parts: {},
  pending: [],
  typing: {},
  offline: false,
};

/** Applying what is pushed to an old state gives what fetching it anew would give; each function returns a new state. */
export function withHome(state: State, home: Home): State {
  return home.conversations.reduce(withConversation, { ...state, home, conversations: {} });
}

export function withConversation(state: State, conversation: Conversation): State {
  return { ...state, conversations: { ...state.conversations, [conversation.id]: conversation } };
}

/** Adds parts, each once, in order; what is newer than the conversation knew also moves the conversation on. */
export function withParts(state: State, thread: string, added: Part[]): State {
  const known = state.parts[thread] ?? [];
  const fresh = added.filter((part) => !known.some(({ id }) => id === part.id));
  const parts = [...known, ...fresh].sort((a, b) => a.seq - b.seq);
  const sent = new Set(added.map((part) => part.client_id));
  const pending = state.pending.filter(({ client_id }) => !sent.has(client_id));
  const typing = { ...state.typing };
  if (fresh.some(({ author }) => author.kind === "teammate")) delete typing[thread];
  return moved({ ...state, parts: { ...state.parts, [thread]: parts }, pending, typing }, thread, fresh);
}

function moved(state: State, thread: string, fresh: Part[]): State {
  const conversation = state.conversations[thread];
  const news = fresh.filter((part) => conversation && part.seq > conversation.last_seq);
  const last_part = news.at(-1);
  if (!conversation || !last_part) return state;
  const unread = conversation.unread + news.filter(({ author }) => author.kind !== "visitor").length;
  return withConversation(state, {
    ...conversation,
    last_part,
    last_seq: last_part.seq,
    unread,
    updated_at: last_part.created_at,
  });
}

/** The visitor has seen everything in it. */
export function withRead(state: State, thread: string): State {
  const conversation = state.conversations[thread];
  return conversation
    ? withConversation(state, { ...conversation, unread: 0, read_seq: conversation.last_seq })
    : state;
}

/** A teammate has seen everything up to `seq`. */
export function withSeen(state: State, thread: string, seq: number): State {
  const conversation = state.conversations[thread];
  const teammate_read_seq = Math.max(seq, conversation?.teammate_read_seq ?? 0);
  return conversation ? withConversation(state, { ...conversation, teammate_read_seq }) : state;
}

export function withTyping(state: State, thread: string, name: string | null): State {
  const typing = { ...state.typing };
  delete typing[thread];
  return { ...state, typing: name ? { ...typing, [thread]: name } : typing };
}

/** A thread that had no conversation has one now. */
export function withStarted(state: State, thread: string, conversation: Conversation): State {
  const pending = state.pending.map((one) =>
    one.thread === thread ? { ...one, thread: conversation.id } : one,
  );
  const here = state.view.name === "thread" && state.view.thread === thread;
  const view: View = here ? { name: "thread", thread: conversation.id } : state.view;
  return { ...withConversation(state, conversation), pending, view };
}

export function unreadIn(state: State): number {
  return Object.values(state.conversations).reduce((sum, { unread }) => sum + unread, 0);
}

/** The highest number up to which nothing is missing; what is beyond must be asked for. */
export function lastSeq(state: State, thread: string): number {
  return state.parts[thread]?.at(-1)?.seq ?? 0;
}

/** Newest first. */
export function conversationsOf(state: State): Conversation[] {
  return Object.values(state.conversations).sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1));
}
