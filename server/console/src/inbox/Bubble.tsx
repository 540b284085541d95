import { Trans, useLingui } from "@lingui/react/macro";
import type { PageSeen } from "../api/types.ts";
import { localeTag } from "../words/language.ts";
import { linked } from "../words/links.ts";
import { full, instant, span } from "../words/time.ts";
import classes from "./Run.module.css";

interface BubbleProps {
  side: "note" | "visitor" | "ours";
  text: string;
  at: string;
  page?: PageSeen | null;
  faded?: boolean;
}

/** Text as text, with its addresses made links. Nothing a visitor writes is ever markup. */
export function Words({ text }: { text: string }) {
  return linked(text).map((piece) =>
    piece.href === null ? (
      piece.text
    ) : (
      <a
        key={piece.at}
        href={piece.href}
        target="_blank"
        rel="noopener noreferrer nofollow ugc"
        className={classes.link}
      >
        {piece.text}
      </a>
    ),
  );
}

export function Bubble({ side, text, at, page = null, faded = false }: BubbleProps) {
  const { i18n } = useLingui();
  const locale = localeTag(i18n.locale);
  const dwell = page === null ? "" : span(page.dwell_ms, locale);
  return (
    <>
      <div
        className={classes.bubble}
        data-side={side}
        data-faded={faded}
        dir="auto"
        title={full(instant(at), locale)}
      >
        <Words text={text} />
      </div>
      {page !== null && (
        <p className={classes.page}>
          <Trans>
            sent from {page.path}, {dwell} there
          </Trans>
        </p>
      )}
    </>
  );
}
