import { attempt } from "./store";

/** A year; browsers that allow less shorten it themselves. */
const LIFE_S = 31_536_000;

/** A sandboxed frame refuses even to be asked; that is as good as no cookie. */
export function readCookie(name: string): string | undefined {
  return attempt(() => document.cookie.match(`\\b${name}=([^;]+)`)?.[1]);
}

/** Writes on the registrable domain, so that every subdomain shares it; "" removes. */
export function writeCookie(name: string, value: string): void {
  attempt(() => put(name, value, registrableDomain(location.hostname)));
}

/**
 * The shortest suffix of `host` on which the browser accepts a cookie, or "" (an address, a single label).
 * Asking the browser spares us the public suffix list, which it has built in.
 */
export function registrableDomain(host: string): string {
  const labels = host.split(".");
  const trial = "frontdesk";
  for (let from = labels.length - 1; from-- > 0 && /[a-z]$/.test(host); ) {
    const domain = labels.slice(from).join(".");
    put(trial, "1", domain);
    const taken = readCookie(trial);
    put(trial, "", domain);
    if (taken) return domain;
  }
  return "";
}

function put(name: string, value: string, domain: string): void {
  const where = domain && `;domain=${domain}`;
  const secure = location.protocol === "https:" ? ";secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous and not everywhere
  document.cookie = `${name}=${value};path=/;max-age=${value ? LIFE_S : 0};samesite=lax${where}${secure}`;
}
