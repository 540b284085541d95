import type { Desk, Launcher, StartLauncher, Stop } from "../desk";
import { listen } from "./listen";

export interface Chat {
  /** Acts on the launcher once it is there, loading it if it is not; without a launcher nothing happens. */
  use(act: (launcher: Launcher) => void): void;
  hide(): void;
  stop: Stop;
}

/** The visible half. It costs the page nothing until the page is idle, or someone has something to say. */
export function startChat(desk: Desk): Chat {
  let launching: Promise<Launcher> | undefined;
  let stopped = false;

  const use = (act: (launcher: Launcher) => void): void => {
    const { launcher } = desk.settings;
    if (!launcher || stopped) return;
    launching ??= desk.load<StartLauncher>(launcher).then((start) => start(desk));
    launching
      .then((ready) => stopped || act(ready))
      .catch(() => {
        launching = undefined; // the next one to need it tries again
      });
  };
  const notIdle = whenIdle(() => use(() => {}));

  return {
    use,
    hide() {
      notIdle();
      if (launching) use((launcher) => launcher.hide());
    },
    stop() {
      stopped = true;
      notIdle();
      launching?.then((launcher) => launcher.stop()).catch(() => {});
    },
  };
}

/** Runs once the page has loaded and its own handlers of that moment are done. */
function whenIdle(run: () => void): Stop {
  let timer = 0;
  const wait = (): void => {
    timer = setTimeout(run) as unknown as number;
  };
  const stop = document.readyState === "complete" ? wait() : listen(window, "load", wait);
  return () => {
    clearTimeout(timer);
    stop?.();
  };
}
