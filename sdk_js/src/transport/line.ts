import type { Stop } from "../desk";
import { openSocket, type Socket } from "./socket";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 20_000;

export interface Line {
  /** False if there is no line to say it over. */
  emit(name: string, detail: unknown): boolean;
  /** Somebody looks again: is the line alive? */
  check(): void;
  stop: Stop;
}

export interface LineEars {
  changed(connected: boolean): void;
  event(name: string, detail: unknown): void;
}

/** A socket that comes back: sooner at first, spread out, and not while the page is hidden. */
export function keepLine(host: string, token: string, ears: LineEars): Line {
  let socket: Socket | null = null;
  let connected = false;
  let tries = 0;
  let timer = 0;

  const connect = (): void => {
    clearTimeout(timer);
    socket?.check();
    socket ??= openSocket(host, "/messenger", { token }, { connected: joined, event: ears.event, lost });
  };
  const joined = (): void => {
    connected = true;
    tries = 0;
    ears.changed(true);
  };
  const lost = (): void => {
    socket = null;
    if (connected) ears.changed(false);
    connected = false;
    const pause = Math.min(FIRST_RETRY_MS * 2 ** tries++, LAST_RETRY_MS) * (0.5 + Math.random() / 2);
    if (!document.hidden) timer = setTimeout(connect, pause) as unknown as number;
  };
  connect();
  return {
    emit(name, detail) {
      if (connected) socket?.emit(name, detail);
      return connected;
    },
    check: connect,
    stop() {
      clearTimeout(timer);
      socket?.stop();
    },
  };
}
