import type { Store } from "../desk";
import { readCookie, writeCookie } from "./cookie";
import { newId } from "./ids";

/** Who this browser is to us. The token proves it; the anonymous id alone proves nothing. */
export interface Me {
  id: string;
  token?: string;
  user?: string;
}

export interface Identity {
  /** Who it is now, noticing what another tab or subdomain changed. */
  me(): Me;
  epoch(): number;
  /** Learns a token or a name. */
  learn(about: Partial<Me>): void;
  /** Starts as a stranger: new id, no token, no name. */
  renew(): void;
  /** Leaves nothing behind. */
  erase(): void;
}

/**
 * The cookie on the registrable domain is the truth and carries id and token, so that two subdomains are one visitor
 * who can chat on both; storage mirrors it for browsers that cut the life of cookies.
 */
export function openIdentity(store: Store, cookie: string, changed: () => void): Identity {
  let me: Me | undefined;
  let epoch = 0;

  const keep = (next: Me): Me => {
    me = next;
    writeCookie(cookie, `${me.id}.${me.token ?? ""}`);
    store.set("me", me);
    return me;
  };
  const current = (): Me => {
    const mirror = store.get<Me>("me");
    const [id, token] = readCookie(cookie)?.split(".") ?? [];
    // Cookies may work where storage does not, and the other way round: memory joins them.
    const found = !id || id === mirror?.id ? mirror : { id, token };
    if (!me) return keep(found ?? { id: newId() });
    if (!found || found.id === me.id) return Object.assign(me, token && { token });
    epoch++;
    me = found;
    changed();
    return me;
  };
  return {
    me: current,
    epoch: () => epoch,
    learn: (about) => keep({ ...current(), ...about }),
    renew() {
      epoch++;
      keep({ id: newId() });
    },
    erase() {
      epoch++;
      me = undefined;
      writeCookie(cookie, "");
    },
  };
}
