import { vi } from "vitest";

/** Leaves nothing of the test before: address, cookies, storage, clock. */
export function freshPage(path = "/"): void {
  vi.useFakeTimers();
  vi.setSystemTime("2026-03-02T10:00:00.000Z");
  localStorage.clear();
  sessionStorage.clear();
  for (const pair of document.cookie.split("; ")) {
    // biome-ignore lint/suspicious/noDocumentCookie: what a browser does when cookies are cleared
    document.cookie = `${pair.split("=")[0]}=;path=/;max-age=0`;
  }
  history.replaceState(null, "", path);
  document.title = "Shop";
  setHidden(false);
}

/** What the browser does when a tab goes to the back or comes to the front. */
export function setHidden(hidden: boolean): void {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

/** A storage area that is there but refuses, as with blocked cookies or a sandboxed frame. */
export function blockStorage(): void {
  const refuse = (): never => {
    throw new DOMException("denied", "SecurityError");
  };
  for (const area of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, area, { get: refuse, configurable: true });
  }
}
