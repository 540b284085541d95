import type { Words } from "../locales/en";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Relative up to a day, then the date. */
export function ago(at: string, now: number, language: string, words: Words): string {
  const past = now - Date.parse(at);
  if (past < MINUTE) return words.now;
  const relative = new Intl.RelativeTimeFormat(language, { style: "narrow" });
  if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), "minute");
  if (past < DAY) return relative.format(-Math.floor(past / HOUR), "hour");
  return new Intl.DateTimeFormat(language, { month: "short", day: "numeric" }).format(new Date(at));
}

export function clock(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(new Date(at));
}

export function full(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(new Date(at));
}

/** The day of a message, as a separator says it. */
export function day(at: string, now: number, language: string, words: Words): string {
  const days = Math.round((midnight(now) - midnight(Date.parse(at))) / DAY);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  const year = days > 300 ? ("numeric" as const) : undefined;
  return new Intl.DateTimeFormat(language, { weekday: "long", month: "long", day: "numeric", year }).format(
    new Date(at),
  );
}

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** The greeting for this hour of the visitor's day. */
export function greeting(now: number, words: Words): string {
  const hour = new Date(now).getHours();
  if (hour >= 5 && hour < 12) return words.morning;
  return hour >= 12 && hour < 18 ? words.afternoon : words.evening;
}
