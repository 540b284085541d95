import type { Card } from "../desk";
import { initials } from "../look/initials";
import { icon, make } from "./dom";
import type { Words } from "./words";

const CROSS = "M6 6l12 12M18 6L6 18";

/** A picture of the person, or their initials while there is none or it does not load. */
function face(name: string, avatar: string | null): HTMLElement {
  const circle = make("span", { class: "face", "aria-hidden": "true" }, initials(name));
  if (!avatar) return circle;
  const picture = make("img", { src: avatar, alt: "" });
  picture.onerror = () => picture.remove();
  circle.append(picture);
  return circle;
}

/** Who speaks, two lines, one obvious answer. */
export function drawCard(card: Card, words: Words, leave: () => void): HTMLElement {
  const { name, avatar } = card.from;
  const speaker = name || words.team;
  const answer = make("button", { class: "answer", "data-testid": "card-answer" }, card.label || words.reply);
  const cross = { class: "dismiss", "aria-label": words.dismiss, "data-testid": "card-dismiss" };
  const dismiss = make("button", cross, icon(CROSS));
  const text = make("p", { dir: "auto" }, card.text);
  answer.onclick = text.onclick = () => {
    leave();
    card.answer();
  };
  dismiss.onclick = () => {
    leave();
    card.dismiss?.();
  };
  const said = make("div", { class: "said" }, make("b", { dir: "auto" }, speaker), text, answer);
  return make("div", { class: "card", "data-testid": "card" }, face(speaker, avatar), said, dismiss);
}
