/** Times as a person reads them. `locale` is a BCP 47 tag, instants are milliseconds; results are never empty. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

export function instant(iso: string): number {
  return new Date(iso).getTime();
}

function unit(
  locale: string,
  value: number,
  name: string,
  display: "short" | "narrow" | "long" = "short",
): string {
  return new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: display }).format(value);
}

/** "Nov 12", with the year once it is another one. */
export function date(at: number, now: number, locale: string): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return dateFormat(locale, {
    month: "short",
    day: "numeric",
    year: sameYear ? undefined : "numeric",
  }).format(at);
}

/** "4 min. ago" up to a day, then the date. What is about to be (a clock ahead of ours) is now. */
export function ago(at: number, now: number, locale: string): string {
  const passed = Math.max(0, now - at);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  if (passed < MINUTE) return relative.format(0, "second");
  if (passed < HOUR) return relative.format(-Math.floor(passed / MINUTE), "minute");
  if (passed < DAY) return relative.format(-Math.floor(passed / HOUR), "hour");
  return date(at, now, locale);
}

/** The shortest that still says it: "now", "4m", "3h", "Nov 12". */
export function brief(at: number, now: number, locale: string): string {
  const passed = Math.max(0, now - at);
  if (passed < MINUTE) return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(0, "second");
  if (passed < DAY) return span(passed, locale, "narrow");
  return date(at, now, locale);
}

/** A length of time in its largest sensible unit: "61 sec", "4 min", "3 hr", "2 days". Seconds up to two minutes. */
export function span(ms: number, locale: string, display: "short" | "narrow" | "long" = "short"): string {
  const passed = Math.max(0, ms);
  if (passed < 2 * MINUTE && display !== "narrow")
    return unit(locale, Math.floor(passed / SECOND), "second", display);
  if (passed < HOUR) return unit(locale, Math.floor(passed / MINUTE), "minute", display);
  if (passed < DAY) return unit(locale, Math.floor(passed / HOUR), "hour", display);
  return unit(locale, Math.floor(passed / DAY), "day", display);
}

/** "10:04" on the reader's clock. */
export function clockTime(at: number, locale: string): string {
  return dateFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** The whole truth, for the hover. */
export function full(at: number, locale: string): string {
  return dateFormat(locale, { dateStyle: "full", timeStyle: "medium" }).format(at);
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function upperFirst(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** The separator above the parts of one day: "Today", "Yesterday", "Thursday, November 12". */
export function day(at: number, now: number, locale: string): string {
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  if (days === 0 || days === -1)
    return upperFirst(new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day"), locale);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const options: Intl.DateTimeFormatOptions = { weekday: "long", month: "long", day: "numeric" };
  return dateFormat(locale, sameYear ? options : { ...options, year: "numeric" }).format(at);
}

export function sameDay(one: number, other: number): boolean {
  return midnight(one) === midnight(other);
}
