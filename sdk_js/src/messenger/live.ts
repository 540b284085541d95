import type { Desk, Stop } from "../desk";
import { listen } from "../probe/listen";
import { keepLine, type Line } from "../transport/line";
import { takeTurn } from "../transport/turn";

/** How often we ask where no socket gets through. */
const POLL_MS = 4_000;

export interface Live {
  /** Whether anybody here needs news as they happen. */
  want(wanted: boolean): void;
  /** Says it over the line; false if this tab does not hold one. */
  emit(name: string, detail: unknown): boolean;
  stop: Stop;
}

export interface News {
  push(name: string, detail: unknown): void;
  /** Anything may have been missed. */
  missed(): void;
}

/** What tabs tell each other: whose news, and what. */
type Said = [token: string | null, name: string, detail?: unknown];

/**
 * News over one socket for all tabs: the tab whose turn it is holds it and repeats what it hears to the others. Where
 * sockets fail, a page that is looked at asks every few seconds.
 */
export function createLive(desk: Desk, news: News): Live {
  let wanted = false;
  let leave: Stop | null = null;
  let line: Line | null = null;
  let channel: BroadcastChannel | null = null;
  let connected = false;
  let timer = 0;

  const repeat = (name: string, detail?: unknown): void => {
    channel?.postMessage([desk.token(), name, detail] satisfies Said);
    hear(name, detail);
  };
  const hear = (name: string, detail: unknown): void => {
    if (name === "who") {
      if (line && connected) channel?.postMessage([desk.token(), "line", true] satisfies Said);
    } else if (name === "line") {
      connected = detail as boolean;
      news.missed();
      poll();
    } else news.push(name, detail);
  };
  const poll = (): void => {
    clearTimeout(timer);
    if (!leave || connected || document.hidden) return;
    timer = setTimeout(() => {
      news.missed();
      poll();
    }, POLL_MS) as unknown as number;
  };
  const lead = (): Stop => {
    const token = desk.token();
    if (token)
      line = keepLine(desk.settings.host, token, { changed: (now) => repeat("line", now), event: repeat });
    return () => {
      line?.stop();
      line = null;
    };
  };
  const join = (): void => {
    if (leave || !wanted || !desk.token()) return;
    const name = `frontdesk.${desk.settings.key}`;
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data: [token, said, detail] }: MessageEvent<Said>) => {
      if (token === desk.token()) hear(said, detail);
    };
    channel.postMessage([desk.token(), "who"] satisfies Said);
    const giveTurn = takeTurn(name, lead);
    leave = () => {
      giveTurn();
      channel?.close();
      connected = false;
      leave = null;
      clearTimeout(timer);
    };
    poll();
  };
  const look = (): void => {
    if (!leave || document.hidden) return;
    line?.check();
    news.missed();
    poll();
  };
  const stops = [
    listen(document, "visibilitychange", look),
    listen(window, "focus", look),
    listen(window, "online", look),
    // Lock, channel and socket would each keep the page out of the back/forward cache.
    listen(window, "pagehide", () => leave?.()),
    listen(window, "pageshow", join),
    desk.on("token", join),
    desk.on("reset", () => leave?.()),
  ];
  return {
    want(now) {
      wanted = now;
      if (now) join();
      else leave?.();
    },
    emit: (name, detail) => line?.emit(name, detail) ?? false,
    stop() {
      leave?.();
      for (const stop of stops) stop();
    },
  };
}
