import { textOn } from "../look/colour";
import type { Settings } from "../wire";
import { icon, make } from "./dom";
import css from "./style.css?inline";
import type { Words } from "./words";

const BELL = "M4 17h16M5.5 17a6.5 6.5 0 0 1 13 0M12 10.500V8M10 8h4M5 20h14";
const DOWN = "M6 9.500l6 6 6-6";
const TEAL = "#0E7C6B";

export interface Frame {
  root: ShadowRoot;
  place: HTMLElement;
  bell: HTMLButtonElement;
  cards: HTMLElement;
  unread(count: number): void;
  opened(open: boolean): void;
  show(visible: boolean): void;
  remove(): void;
}

/** Our one element in the page: outside the body, so that frameworks which replace the body leave it alone. */
export function drawFrame({ look = {} }: Settings, words: Words): Frame {
  const { color = TEAL, corner = "right", scheme } = look;
  const host = make("div", { id: "frontdesk", "data-corner": corner });
  if (scheme) host.dataset.scheme = scheme;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const badge = make("span", { class: "unread", "data-testid": "unread" });
  const bell = make(
    "button",
    { class: "bell", type: "button", "aria-haspopup": "dialog", "data-testid": "launcher" },
    icon(BELL, "ring"),
    icon(DOWN, "down"),
    badge,
  );
  const cards = make("div", { class: "cards", "aria-live": "polite" });
  const shell = make("div", { class: "shell" }, cards, bell);
  shell.style.setProperty("--brand", color);
  shell.style.setProperty("--on-brand", textOn(color));
  root.append(shell);
  document.documentElement.append(host);

  let open = false;
  let count = 0;
  const label = (): void => {
    const action = open ? words.close : words.open;
    bell.ariaLabel = count && !open ? `${action}, ${count} ${words.unread}` : action;
    bell.ariaExpanded = String(open);
    badge.textContent = count && !open ? String(Math.min(count, 99)) : "";
    host.toggleAttribute("data-open", open);
  };
  label();
  return {
    root,
    place: shell,
    bell,
    cards,
    unread(now) {
      count = now;
      label();
    },
    opened(now) {
      const inside = root.activeElement;
      open = now;
      label();
      if (!now && inside) bell.focus();
    },
    show(visible) {
      host.hidden = !visible;
    },
    remove: () => host.remove(),
  };
}
