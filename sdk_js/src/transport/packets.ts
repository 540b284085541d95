/**
 * The part of the Socket.IO protocol (v5, over Engine.IO v4) that one namespace over one WebSocket needs.
 * Text packets only; https://socket.io/docs/v4/socket-io-protocol/.
 */
export type Packet =
  | { kind: "open"; silence_ms: number }
  | { kind: "ping" }
  | { kind: "connected" }
  | { kind: "closed" }
  | { kind: "refused" }
  | { kind: "event"; name: string; detail: unknown };

export const PONG = "3";

/** Asks to join a namespace. */
export function connectPacket(namespace: string, auth: object): string {
  return `40${namespace},${JSON.stringify(auth)}`;
}

/** Says something in a namespace. */
export function eventPacket(namespace: string, name: string, detail: unknown): string {
  return `42${namespace},${JSON.stringify([name, detail])}`;
}

/** Reads one frame; null for packets of other namespaces and kinds that we do not use. */
export function readPacket(namespace: string, text: string): Packet | null {
  if (text[0] === "0") return opening(text.slice(1));
  if (text[0] === "1") return { kind: "closed" };
  if (text[0] === "2") return { kind: "ping" };
  const [head, body] = split(text);
  if (!head.endsWith(namespace)) return null;
  return MESSAGES[head.slice(0, 2)]?.(body) ?? null;
}

const MESSAGES: Record<string, (body: string) => Packet> = {
  "40": () => ({ kind: "connected" }),
  "41": () => ({ kind: "closed" }),
  "44": () => ({ kind: "refused" }),
  "42": (body) => {
    // An acknowledgement id may stand before the array; nobody waits for ours.
    const [name, detail] = JSON.parse(body.replace(/^\d+/, "")) as [string, unknown];
    return { kind: "event", name, detail };
  },
};

/** `4<type>/<namespace>` and what follows the comma. */
function split(text: string): [string, string] {
  const comma = text.indexOf(",");
  return comma < 0 ? [text, ""] : [text.slice(0, comma), text.slice(comma + 1)];
}

function opening(body: string): Packet {
  const { pingInterval, pingTimeout } = JSON.parse(body) as { pingInterval: number; pingTimeout: number };
  return { kind: "open", silence_ms: pingInterval + pingTimeout };
}
