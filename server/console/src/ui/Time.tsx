import { useLingui } from "@lingui/react/macro";
import { useNow } from "../words/clock.ts";
import { localeTag } from "../words/language.ts";
import { ago, brief, clockTime, full, instant } from "../words/time.ts";

const FORMS = { ago, brief, clock: (at: number, _now: number, locale: string) => clockTime(at, locale) };

interface TimeProps {
  at: string;
  as?: keyof typeof FORMS;
  className?: string;
}

/** A time in short, with the whole of it on hover. */
export function Time({ at, as = "ago", className }: TimeProps) {
  const { i18n } = useLingui();
  const now = useNow();
  const locale = localeTag(i18n.locale);
  const moment = instant(at);
  return (
    <time dateTime={at} title={full(moment, locale)} className={className}>
      {FORMS[as](moment, now, locale)}
    </time>
  );
}
