import { render } from "preact";
import type { Desk, Messenger, Shell } from "../desk";
import { en, type Words } from "../locales/en";
import { legible } from "../look/legible";
import { App } from "./app";
import { createChat } from "./chat";
import composer from "./composer.css?inline";
import home from "./home.css?inline";
import panel from "./panel.css?inline";
import type { State } from "./state";
import thread from "./thread.css?inline";

const KEYS = ["keydown", "keyup", "keypress"];

/** Draws the messenger into the launcher's shadow root and keeps it up to date. */
export async function startMessenger(desk: Desk, shell: Shell): Promise<Messenger> {
  const { words, language } = await wordsOf(desk);
  const place = document.createElement("div");
  const chat = createChat(desk, shell);
  let drawing = false;

  const draw = (): void => {
    drawing = false;
    const state = chat.model.get();
    const name = state.home?.workspace.name || desk.settings.name || words.team;
    render(
      <App scene={{ state, chat, words, language, name, now: Date.now(), drafts: desk.store }} />,
      place,
    );
  };
  const soon = (): void => {
    if (!drawing) queueMicrotask(draw);
    drawing = true;
  };
  const stopDrawing = chat.model.listen(soon);
  // What is typed here is none of the host's shortcuts.
  for (const key of KEYS) place.addEventListener(key, (event) => event.stopPropagation());
  dress(shell, place);
  const view = desk.tab.get<State["view"]>("view");
  if (view) {
    chat.open();
    chat.go(view);
  } else if (desk.token()) chat.refresh();

  return {
    open: chat.open,
    close: chat.close,
    stop() {
      stopDrawing();
      chat.stop();
      render(null, place);
    },
  };
}

function dress({ root, place: shell }: Shell, place: HTMLElement): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(panel + home + thread + composer);
  root.adoptedStyleSheets.push(sheet);
  const brand = shell.style.getPropertyValue("--brand");
  const accent = `light-dark(${legible(brand, "#ffffff", "#1d1f24")},${legible(brand, "#1b1d21", "#ffffff")})`;
  shell.style.setProperty("--accent", accent);
  shell.prepend(place);
}

/** English is built in; another language comes as a file, and English stays if it does not come. */
async function wordsOf(desk: Desk): Promise<{ words: Words; language: string }> {
  const short = desk.language.slice(0, 2).toLowerCase();
  const file = desk.settings.locales?.[short];
  const words = file && (await desk.load<Words>(file));
  return words
    ? { words, language: desk.language }
    : { words: en, language: short === "en" ? desk.language : "en" };
}
