import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { HomeView } from "./home";
import type { Scene } from "./scene";
import { Thread } from "./thread";

/** The panel; nothing while it is closed. */
export function App({ scene }: { scene: Scene }): JSX.Element | null {
  return scene.state.open ? <Panel scene={scene} /> : null;
}

function Panel({ scene }: { scene: Scene }): JSX.Element {
  const { state, words, name, chat } = scene;
  const { view } = state;
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The composer takes the focus itself; without one the panel must hold it for Escape to work.
    if (view.name === "home" || !matchMedia("(pointer: fine)").matches) panel.current?.focus();
  }, [view.name]);
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.isComposing) chat.close();
  };
  return (
    <div
      class="panel"
      role="dialog"
      aria-label={words.dialog.replace("{name}", name)}
      tabIndex={-1}
      ref={panel}
      data-testid="panel"
      onKeyDown={press}
    >
      {view.name === "home" ? <HomeView scene={scene} /> : <Thread scene={scene} view={view} />}
    </div>
  );
}
