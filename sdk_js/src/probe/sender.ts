import type { Stop } from "../desk";
import type { Answer } from "../wire";
import type { Identity } from "./identity";
import { newId } from "./ids";
import { listen } from "./listen";
import type { Queue, TrackedEvent } from "./queue";
import { createTimer } from "./timer";

/** What happens within this time goes in one request. */
const GATHER_MS = 50;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
export interface Sender {
  add(event: TrackedEvent): void;
  flush(): void;
  /** Hands everything to the browser to send, without waiting: the page may be going. */
  leave(): void;
  stop: Stop;
}

export interface Line {
  host: string;
  key: string;
  identity: Identity;
  queue: Queue;
  /** Whether the person said yes, which each batch then tells: it outweighs what the browser sends of itself. */
  consent?: unknown;
  /** An answer for the person who is still here. */
  answered(answer: Answer): void;
}

/** Sends the queue in order, one request at a time, and repeats what failed; never while the page is hidden. */
export function createSender({ host, key, identity, queue, consent, answered }: Line): Sender {
  const url = `${host}/v1/batch`;
  let flying: TrackedEvent[] = [];
  let tries = 0;
  let most: number | undefined;
  let stopped = false;

  const body = (batch: TrackedEvent[]): string =>
    JSON.stringify({
      writeKey: key,
      token: identity.me().token,
      sentAt: new Date(),
      batch,
      context: shared(consent),
    });
  /**
   * What the status means for the batch; returns how long to wait. 200, 400, 401, 403 and 413 are for good; after
   * anything else, no answer too, the same batch may yet succeed. 401 and 403 are for good of all that we send.
   */
  const settle = (status: number): number => {
    if (![200, 400, 401, 403, 413].includes(status))
      return Math.min(FIRST_RETRY_MS * 2 ** tries++, LAST_RETRY_MS);
    tries = 0;
    stopped = [401, 403].includes(status);
    if (status === 413 && flying.length > 1) most = flying.length >> 1;
    else queue.remove(flying);
    return 0;
  };
  const flush = async (): Promise<void> => {
    if (flying.length || stopped) return;
    flying = queue.next([], most);
    if (!flying.length) return;
    const epoch = identity.epoch();
    const { status, answer, wait } = await post(url, body(flying));
    const current = !stopped && epoch === identity.epoch();
    // Spread out, lest every page of a site comes back in the same second.
    const pause = current ? settle(status) * (0.5 + Math.random() / 2) : 0;
    flying = [];
    if (current && answer) answered(answer);
    if (!stopped) timer.in(wait || pause);
  };
  const timer = createTimer(flush);
  const stopListening = listen(window, "online", flush);

  return {
    add(event) {
      queue.add(event);
      if (!tries) timer.in(GATHER_MS);
    },
    flush,
    leave() {
      timer.stop();
      for (;;) {
        const batch = queue.next(flying);
        if (stopped || !batch.length || !navigator.sendBeacon(url, body(batch))) return;
        queue.remove(batch);
      }
    },
    stop() {
      stopped = true;
      timer.stop();
      stopListening();
    },
  };
}

export interface Reply {
  /** 0 if nothing came back. */
  status: number;
  answer?: Answer;
  /** Milliseconds the server asks us to wait. */
  wait?: number;
}

/** A string goes as `text/plain`: no preflight, and it may outlive the page. */
export async function post(url: string, body: string): Promise<Reply> {
  try {
    const response = await fetch(url, { method: "POST", body, keepalive: true, credentials: "omit" });
    return {
      status: response.status,
      answer: response.ok ? await response.json() : undefined,
      wait: Number(response.headers.get("retry-after")) * 1000,
    };
  } catch {
    return { status: 0 };
  }
}

/** A new event of the time `at`. */
export function eventOf(type: string, at: number, fields: object): TrackedEvent {
  return { type, messageId: newId(), timestamp: new Date(at).toISOString(), ...fields };
}

/** What holds for every event of a batch. */
function shared(consent: unknown): object {
  const { language, webdriver } = navigator;
  return {
    locale: language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    webdriver,
    consent: consent && { categoryPreferences: { Analytics: true } },
  };
}
