import type { QueryClient } from "@tanstack/react-query";
import { call, Problem } from "../api/client.ts";
import { clientId } from "../api/ids.ts";
import type { Part } from "../api/types.ts";
import { nowIso } from "../words/clock.ts";
import type { Outgoing } from "./outbox.ts";
import { change } from "./outboxStore.ts";
import { receive } from "./parts.ts";

const queues = new Map<string, Promise<void>>();

/** One after the other within a conversation, so that two quick messages keep their order. */
function inOrder(conversation: string, work: () => Promise<void>): Promise<void> {
  const next = (queues.get(conversation) ?? Promise.resolve()).then(work);
  queues.set(conversation, next);
  return next;
}

async function deliver(
  client: QueryClient,
  words: Pick<Outgoing, "clientId" | "conversation" | "kind" | "body">,
) {
  try {
    const part = await call<Part>("POST", `/conversations/${encodeURIComponent(words.conversation)}/parts`, {
      kind: words.kind,
      client_id: words.clientId,
      body: words.body,
    });
    receive(client, { ...part, conversation: words.conversation });
  } catch (error) {
    const final =
      error instanceof Problem && error.status < 500 && error.status !== 429 && error.status !== 401;
    const why = error instanceof Problem ? error.message : "unreachable";
    change({ type: "failed", clientId: words.clientId, why, retryable: !final });
  }
}

/** Shows the words at once and sends them. Never throws: what fails stays in the outbox and says why. */
export function send(
  client: QueryClient,
  conversation: string,
  kind: Outgoing["kind"],
  body: string,
): Promise<void> {
  const outgoing = { clientId: clientId(), conversation, kind, body, at: nowIso() };
  change({ type: "queued", outgoing });
  return inOrder(conversation, () => deliver(client, outgoing));
}

export function retry(client: QueryClient, outgoing: Outgoing): Promise<void> {
  change({ type: "retried", clientId: outgoing.clientId });
  return inOrder(outgoing.conversation, () => deliver(client, outgoing));
}
