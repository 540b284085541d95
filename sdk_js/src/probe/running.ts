import type { Desk, Store } from "../desk";
import type { Settings } from "../wire";
import type { Bus } from "./bus";
import { type Chat, startChat } from "./chat";
import { load } from "./load";
import { startTracking, type Tracking } from "./tracking";

export interface Running {
  tracking: Tracking;
  chat: Chat;
}

/** The site's settings, and what we may keep for it here. */
export interface Place {
  settings: Settings;
  store: Store;
  tab: Store;
}

/** Joins what watches and what is seen, once there is consent for both. */
export function run({ settings, store, tab }: Place, bus: Bus): Running {
  const tracking = startTracking(settings, store, {
    answered({ deliveries, unread }) {
      if (tracking.me().token) bus.say("token");
      if (unread) chat.use((launcher) => launcher.unread(unread));
      for (const delivery of deliveries ?? []) {
        chat.use((launcher) => launcher.deliver(delivery));
        bus.say("delivery", delivery);
      }
    },
    changed() {
      tab.clear();
      bus.say("reset");
    },
  });
  const desk: Desk = {
    settings,
    language: settings.language || document.documentElement.lang || navigator.language,
    store,
    tab,
    token: () => tracking.me().token ?? null,
    load: (path) => load(settings.host, path),
    ...bus,
    ...tracking,
  };
  const chat = startChat(desk);
  return { tracking, chat };
}
