import type { Stop } from "../desk";
import { connectPacket, eventPacket, type Packet, PONG, readPacket } from "./packets";

export interface SocketEars {
  connected(): void;
  event(name: string, detail: unknown): void;
  /** The line is gone, once; `refused` if the server does not want us. */
  lost(refused: boolean): void;
}

export interface Socket {
  emit(name: string, detail: unknown): void;
  /** Asks whether the line is still alive, for those who ran no timer meanwhile. */
  check(): void;
  stop: Stop;
}

/** What `check` and the watch need: the clock, and whether timers may run. */
export interface Attention {
  now(): number;
  visible(): boolean;
}

const ATTENTION: Attention = {
  now: () => performance.now(),
  visible: () => !document.hidden,
};

/** One connection to one namespace. What comes or goes before the server let us in is kept in order. */
export function openSocket(
  host: string,
  namespace: string,
  auth: object,
  ears: SocketEars,
  attention: Attention = ATTENTION,
): Socket {
  const socket = new WebSocket(`${host.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`);
  const early: (() => void)[] = [];
  let inside = false;
  let over = false;
  let silence = Infinity;
  let heard = attention.now();
  let timer = 0;

  const end = (refused: boolean): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    socket.close();
    ears.lost(refused);
  };
  const watch = (): void => {
    clearTimeout(timer);
    if (attention.now() - heard > silence) end(false);
    else if (silence < Infinity && attention.visible())
      timer = setTimeout(watch, silence + 50) as unknown as number;
  };
  const once = (act: () => void): void => void (inside ? act() : early.push(act));
  const take: { [K in Packet["kind"]]: (packet: Extract<Packet, { kind: K }>) => void } = {
    open({ silence_ms }) {
      silence = silence_ms;
      socket.send(connectPacket(namespace, auth));
    },
    ping: () => socket.send(PONG),
    connected() {
      inside = true;
      ears.connected();
      for (const act of early.splice(0)) act();
    },
    closed: () => end(false),
    refused: () => end(true),
    event: ({ name, detail }) => once(() => ears.event(name, detail)),
  };
  socket.onmessage = ({ data }) => {
    heard = attention.now();
    watch();
    const packet = readPacket(namespace, String(data));
    if (packet) take[packet.kind](packet as never);
  };
  socket.onclose = socket.onerror = () => end(false);

  return {
    emit: (name, detail) => once(() => socket.send(eventPacket(namespace, name, detail))),
    check: watch,
    stop() {
      over = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}
