import type { Stop, Store } from "../desk";
import type { Answer, PageNow, Settings } from "../wire";
import { createAttention, type Tell } from "./attention";
import { campaignOf } from "./campaign";
import { type Identity, openIdentity } from "./identity";
import { listen } from "./listen";
import { type Moment, momentOf, pageOf } from "./page";
import { watchPages } from "./pages";
import { createPresence } from "./presence";
import { openQueue } from "./queue";
import { createSender, eventOf, post } from "./sender";
import { openSessions } from "./session";

export interface Tracking extends Identity {
  /** Queues an event; `moment` if it was not now and here. */
  send(type: string, fields?: object, moment?: Moment): void;
  view(fields?: object, moment?: Moment): void;
  identify(user: string, traits: unknown, moment?: Moment): void;
  flush(): void;
  page(): PageNow;
  /** Sends what waits, then forgets the person. */
  reset(): void;
  /** The server does not know our token: begins as a stranger, with this page. */
  forget(): void;
  stop: Stop;
}

export interface Heard {
  answered(answer: Answer): void;
  /** Another person uses this browser now. */
  changed(): void;
}

/** Less than this since the last time says nothing new. */
const WORTH_TELLING_MS = 1_000;

/**
 * Everything that needs consent: it sends, stores and listens until it is stopped. One closure, longer than ours are:
 * its parts share what they know, and handing it about would cost more bytes than the probe has.
 */
export function startTracking({ host, key, pages }: Settings, store: Store, heard: Heard): Tracking {
  const queue = openQueue(store);
  const identity = openIdentity(store, `frontdesk_${key}`, () => {
    queue.clear();
    heard.changed();
  });
  const sessions = openSessions(store, Date.now);
  const attention = createAttention(sessions, (...told) => report(...told));
  const presence = createPresence(() => void present());
  const auto = pages !== "manual";
  const consent = store.get("consent");
  let page = pageOf();
  let viewed = false;
  let left = -Infinity;
  let tokenless = 0;
  let stopped = false;

  const take = (answer: Answer): void => {
    attention.watch(answer.watch ?? {});
    presence.due(answer.next_ms);
    heard.answered(answer);
  };
  const answered = (answer: Answer): void => {
    if (answer.visitor_token) identity.learn({ token: answer.visitor_token });
    // The one answer that carried it was lost: the only way back to a token is to be someone new.
    // Where the site left our events out, there was none.
    if (!identity.me().token && !answer.dropped && tokenless++) anew();
    else take(answer);
  };
  const sender = createSender({ host, key, identity, queue, answered, consent });

  const send = (type: string, fields?: object, moment = momentOf(page)): void => {
    const { id, user } = identity.me();
    const { page } = moment;
    sessions.touch(campaignOf(page.search));
    sender.add(eventOf(type, moment.at, { anonymousId: id, userId: user, ...fields, context: { page } }));
  };
  const report: Tell = (event, dwell_ms, more) =>
    send("track", { event, properties: { path: page.path, dwell_ms, ...more } });
  const view = (fields?: object, moment?: Moment): void => {
    viewed = true;
    left = -Infinity;
    attention.enter(page.path);
    send("page", fields, moment);
  };
  /** A hidden page may never come back, so each hiding tells; again only if it was looked at meanwhile. */
  const leave = (): void => {
    const ms = attention.settle();
    if (ms - left < WORTH_TELLING_MS) return;
    left = ms;
    report("Page Left", ms);
  };
  const depart = (): void => {
    leave();
    sender.leave();
  };
  const arrived = (): void => {
    page = pageOf(page.url === location.href ? page.referrer : page.url);
    view();
  };
  const now = (): PageNow => ({ url: page.url, title: document.title, dwell_ms: attention.settle() });
  const present = async (): Promise<void> => {
    const { token } = identity.me();
    if (!token) return;
    const epoch = identity.epoch();
    const body = JSON.stringify({ writeKey: key, token, page: now() });
    const { status, answer } = await post(`${host}/v1/presence`, body);
    if (stopped || epoch !== identity.epoch()) return;
    if (status === 401) anew();
    if (answer) take(answer);
  };
  const anew = (): void => {
    store.clear();
    store.set("consent", consent); // of this browser, whoever uses it
    tokenless = 0;
    identity.renew();
    heard.changed();
    view();
  };
  const reset = (): void => {
    sender.leave();
    anew();
  };
  const look = (): void => {
    presence.arm();
    if (document.hidden) depart();
    else {
      attention.settle();
      sender.flush();
    }
  };
  const stops = [
    listen(document, "visibilitychange", look),
    listen(window, "pagehide", depart),
    auto ? watchPages(leave, arrived) : sender.stop,
    ...attention.stops,
    presence.stop,
    sender.stop,
  ];
  attention.enter(page.path);
  if (auto) queueMicrotask(() => viewed || view());

  return {
    send,
    view,
    identify(user, traits, moment) {
      if (user) {
        if ((identity.me().user ?? user) !== user) reset();
        identity.learn({ user });
      }
      send("identify", { traits }, moment);
    },
    flush: sender.flush,
    page: now,
    reset,
    forget: anew,
    ...identity,
    stop() {
      stopped = true;
      for (const stop of stops) stop();
    },
  };
}
