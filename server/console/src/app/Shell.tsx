import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useMe } from "../api/queries.ts";
import { useConnected } from "../live/connection.ts";
import { connect } from "../live/socket.ts";
import { speak } from "../words/language.ts";
import { BrokenPage } from "./Broken.tsx";
import { Rail } from "./Rail.tsx";
import classes from "./Shell.module.css";
import { useShortcut } from "./shortcuts.ts";
import { useUnreadTitle } from "./title.ts";

const Palette = lazy(() => import("../palette/Palette.tsx"));

function LineDown() {
  const connected = useConnected();
  if (connected) return null;
  return (
    <div className={classes.line} role="status">
      <Trans>Live updates are interrupted, reconnecting. What you send still goes out.</Trans>
    </div>
  );
}

/** Speaks the language that the server knows of me, whatever this browser was set to. */
function useMyLanguage(): void {
  const { language } = useMe();
  const { i18n } = useLingui();
  useEffect(() => {
    if (language !== null && language !== i18n.locale) void speak(language);
  }, [language, i18n]);
}

export function Shell({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [palette, setPalette] = useState(false);
  useEffect(() => connect(client), [client]);
  useMyLanguage();
  useUnreadTitle();
  useShortcut("mod+k", () => setPalette((open) => !open));
  return (
    <div className={classes.shell}>
      <Rail onSearch={() => setPalette(true)} />
      <div className={classes.page}>
        <LineDown />
        <BrokenPage>
          <Suspense fallback={<div className={classes.loading} aria-busy="true" />}>{children}</Suspense>
        </BrokenPage>
      </div>
      {palette && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
    </div>
  );
}
