import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./face";
import type { Scene } from "./scene";

/** As the server has it. */
const LONGEST = 10_000;

/** Where the visitor writes. Enter sends, Shift+Enter breaks the line; what is not sent yet survives a reload. */
export function Composer({ scene, thread }: { scene: Scene; thread: string }): JSX.Element {
  const { words, chat, drafts } = scene;
  const key = `draft.${thread}`;
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const ready = text.trim() !== "";

  // Before anything can be typed: a later one would take the first letters away.
  useLayoutEffect(() => setText(drafts.get<string>(key) ?? ""), [key]);
  useEffect(() => {
    // A phone would cover the messages with its keyboard.
    if (matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, [thread]);
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  const write = (value: string): void => {
    setText(value);
    drafts.set(key, value || null);
  };
  const send = (): void => {
    if (!ready) return;
    chat.send(text.trim());
    write("");
    field.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    // While a Chinese or Japanese word is being composed, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  return (
    <div class="composer">
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        maxLength={LONGEST}
        value={text}
        placeholder={words.placeholder}
        aria-label={words.placeholder}
        enterkeyhint="send"
        data-testid="composer"
        onInput={({ currentTarget }) => {
          write(currentTarget.value);
          if (currentTarget.value) chat.typed();
        }}
        onKeyDown={press}
      />
      <button
        type="button"
        class="send"
        aria-label={words.send}
        aria-disabled={!ready}
        data-testid="send"
        onClick={send}
      >
        <Icon of="send" />
      </button>
    </div>
  );
}
