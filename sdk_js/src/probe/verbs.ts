import type { Moment } from "./page";
import type { Running } from "./running";

/** Arguments as the host gave them: nothing about them is certain. */
export type Given = unknown[];

/** What each verb does once we run; those about the visitor have the names and shapes of the Segment libraries. */
export const VERBS: Record<string, (running: Running, given: Given, moment?: Moment) => void> = {
  identify({ tracking }, given, moment) {
    const [user, traits] = typeof given[0] === "object" ? ["", ...given] : given;
    tracking.identify(`${user}`, traits, moment);
  },
  track: ({ tracking }, [event, properties], moment) => tracking.send("track", { event, properties }, moment),
  page: ({ tracking }, [name, properties], moment) => tracking.view({ name, properties }, moment),
  group: ({ tracking }, [groupId, traits], moment) => tracking.send("group", { groupId, traits }, moment),
  alias({ tracking }, [userId], moment) {
    tracking.send("alias", { userId, previousId: tracking.me().id }, moment);
  },
  trigger(running, given, moment) {
    VERBS.track?.(running, given, moment);
    running.tracking.flush();
  },
  call(running, [name, args], moment) {
    VERBS.trigger?.(running, ["Rule Call", { name, args }], moment);
  },
  reset: ({ tracking }) => tracking.reset(),
  show: ({ chat }) => chat.use((launcher) => launcher.show()),
  hide: ({ chat }) => chat.hide(),
  open: ({ chat }) => chat.use((launcher) => launcher.open()),
  newMessage: ({ chat }, [text = ""]) => chat.use((launcher) => launcher.open(`${text}`)),
};
