import type { Desk } from "../desk";
import type { Conversation, Home, Part } from "../wire";
import type { Pending } from "./state";

/** `status` 0: nothing came back; -1: it came for someone who is no longer here. */
export type Result<T> = { ok: true; data: T } | { ok: false; status: number; wait: number };

export interface Api {
  home(): Promise<Result<Home>>;
  parts(conversation: string, after: number): Promise<Result<{ data: Part[]; last_seq: number }>>;
  conversation(id: string): Promise<Result<Conversation>>;
  start(message: Pending): Promise<Result<{ conversation: Conversation; parts: Part[] }>>;
  say(message: Pending): Promise<Result<Part>>;
  read(conversation: string, seq: number): Promise<Result<null>>;
  typing(conversation: string): Promise<Result<null>>;
}

/** The messenger's REST interface, as the visitor whose token the desk holds. */
export function createApi(desk: Desk): Api {
  const ask = async <T>(path: string, body?: object): Promise<Result<T>> => {
    const epoch = desk.epoch();
    const answer = await request<T>(desk, path, body);
    if (epoch !== desk.epoch()) return { ok: false, status: -1, wait: 0 };
    if (!answer.ok && answer.status === 401) desk.forget();
    return answer;
  };
  const at = (id: string, what: string): string => `/conversations/${id}/${what}`;
  return {
    home: () => ask("/home"),
    parts: (id, after) => ask(at(id, `parts?after=${after}`)),
    conversation: (id) => ask(`/conversations/${id}`),
    start: ({ client_id, body, delivery, page }) =>
      ask("/conversations", { client_id, body, delivery: delivery?.id, page, locale: desk.language }),
    say: ({ thread, client_id, body, page }) => ask(at(thread, "parts"), { client_id, body, page }),
    read: (id, seq) => ask(at(id, "read"), { seq }),
    typing: (id) => ask(at(id, "typing"), {}),
  };
}

async function request<T>(desk: Desk, path: string, body?: object): Promise<Result<T>> {
  const headers: Record<string, string> = { authorization: `Bearer ${desk.token()}` };
  if (body) headers["content-type"] = "application/json";
  try {
    const response = await fetch(`${desk.settings.host}/messenger/v1${path}`, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
    });
    const { status } = response;
    if (!response.ok) return { ok: false, status, wait: Number(response.headers.get("retry-after")) * 1000 };
    return { ok: true, data: (status === 204 ? null : await response.json()) as T };
  } catch {
    return { ok: false, status: 0, wait: 0 };
  }
}
