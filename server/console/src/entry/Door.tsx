import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Language } from "../api/types.ts";
import { Bell, Rings } from "../brand/Bell.tsx";
import { NAMES, speak } from "../words/language.ts";
import classes from "./Door.module.css";

interface DoorProps {
  title: string;
  words: string;
  children: ReactNode;
}

/** The way in: the bell, one card, and the language for those who cannot read the other. */
export function Door({ title, words, children }: DoorProps) {
  const { i18n, t } = useLingui();
  return (
    <main className={classes.door}>
      <Rings className={classes.rings} />
      <div className={classes.column}>
        <div className={classes.brand}>
          <Bell size={52} />
          <span className={classes.wordmark}>Frontdesk</span>
        </div>
        <section className={classes.card} aria-label={title}>
          <h1 className={classes.title}>{title}</h1>
          <p className={classes.words}>{words}</p>
          {children}
        </section>
        <fieldset className={classes.languages} aria-label={t`Language`}>
          {(Object.keys(NAMES) as Language[]).map((language) => (
            <button
              key={language}
              type="button"
              lang={language}
              aria-pressed={i18n.locale === language}
              onClick={() => void speak(language)}
            >
              {NAMES[language]}
            </button>
          ))}
        </fieldset>
      </div>
    </main>
  );
}
