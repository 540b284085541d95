import { TEAL, textOn } from "../look/colour";
import type { Settings } from "../wire";
import { icon, make } from "./dom";
import css from "./style.css?inline";
import type { Words } from "./words";

const BELL = "M4 17h16M5.5 17a6.5 6.5 0 0 1 13 0M12 10.500V8M10 8h4M5 20h14";
const DOWN = "M6 9.500l6 6 6-6";

export interface Frame {
  root: ShadowRoot;
  /** Everything of ours that is seen; inside it the brand's colours hold. */
  place: HTMLElement;
  bell: HTMLButtonElement;
  unread(count: number): void;
  /** The panel opened, or closed and gives the focus back. */
  opened(open: boolean): void;
}

/** Our one element in the page: outside the body, so that frameworks which replace the body leave it alone. */
export function drawFrame({ look = {} }: Settings, words: Words): Frame {
  const { color = TEAL, corner = "right", scheme = "" } = look;
  const host = make("div", { id: "frontdesk" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const badge = make("span", { class: "unread", "data-testid": "unread" });
  const bell = make(
    "button",
    { class: "bell", "aria-haspopup": "dialog", "data-testid": "launcher" },
    icon(BELL, "ring"),
    icon(DOWN, "down"),
    badge,
  );
  const place = make("div", { class: `shell ${corner}` }, bell);
  place.style.colorScheme = scheme;
  place.style.setProperty("--brand", color);
  place.style.setProperty("--on-brand", textOn(color));
  root.append(place);
  document.documentElement.append(host);

  let open = false;
  let count = 0;
  const label = (): void => {
    const shown = open ? 0 : count;
    const action = open ? words.close : words.open;
    bell.ariaLabel = shown ? `${action}, ${shown} ${words.unread}` : action;
    bell.ariaExpanded = `${open}`;
    badge.textContent = shown ? `${shown}` : "";
  };
  label();
  return {
    root,
    place,
    bell,
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
  };
}
