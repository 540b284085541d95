import { expect, test } from "vitest";
import { en } from "../locales/en";
import { zh } from "../locales/zh";
import { ago, day, greeting } from "./times";

const NOW = new Date(2026, 2, 2, 12, 0).getTime();
const before = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

test.each([
  [0.5, "now", "刚刚"],
  [5, "5m ago", "5分钟前"],
  [180, "3h ago", "3小时前"],
  [60 * 24 * 3, "Feb 27", "2月27日"],
])("%s minutes ago is %s and %s", (minutes, english, chinese) => {
  expect(ago(before(minutes), NOW, "en", en)).toBe(english);
  expect(ago(before(minutes), NOW, "zh-CN", zh)).toBe(chinese);
});

test.each([
  [60, "Today", "今天"],
  [60 * 13, "Yesterday", "昨天"],
  [60 * 24 * 4, "Thursday, February 26", "2月26日星期四"],
])("the day of %s minutes ago is %s and %s", (minutes, english, chinese) => {
  expect(day(before(minutes), NOW, "en", en)).toBe(english);
  expect(day(before(minutes), NOW, "zh-CN", zh)).toBe(chinese);
});

test.each([
  [4, en.evening],
  [5, en.morning],
  [12, en.afternoon],
  [18, en.evening],
])("at %s o'clock we say %s", (hour, words) => {
  expect(greeting(new Date(2026, 2, 2, hour).getTime(), en)).toBe(words);
});
