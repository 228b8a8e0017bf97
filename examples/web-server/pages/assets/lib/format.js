// Numbers, minutes and dates in words.

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const FULL = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const NUMBER = new Intl.NumberFormat("en-GB");

export const number = (n) => NUMBER.format(n ?? 0);
export const percent = (share) => `${Math.round(100 * share)} %`;
export const plural = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

/** 75 → "1 h 15 min". */
export function minutes(n) {
  if (n === null || n === undefined) return "–";
  const hours = Math.floor(n / 60);
  const rest = n % 60;
  if (!hours) return `${n} min`;
  return rest ? `${hours} h ${rest} min` : `${hours} h`;
}

/** Seconds as a clock shows them: "1:02:03" or "02:03". */
export function clock(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const s = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(s / 3600);
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** A civil date such as "2025-12-06" as a Date at noon, whatever the zone. */
export const civil = (day) => new Date(`${day}T12:00:00`);
export const today = () => DAY.format(new Date());
export const longDay = (day) => DAY.format(civil(day));
export const shortDate = (at) => (at ? SHORT.format(new Date(at)) : "");
export const fullDate = (at) => (at ? FULL.format(new Date(at)) : "");

/** "just now", "12 min ago", "3 h ago", "yesterday", "5 days ago", then the date. */
export function ago(at, now = Date.now()) {
  if (!at) return "never";
  const min = Math.round((now - new Date(at)) / 60_000);
  if (min < 1) return "just now";
  if (min < 60) return `${min} min ago`;
  if (min < 24 * 60) return `${Math.round(min / 60)} h ago`;
  const days = Math.round(min / 1440);
  if (days === 1) return "yesterday";
  return days < 14 ? `${days} days ago` : shortDate(at);
}

/** "in_progress" → "In progress". */
export function words(name) {
  const text = String(name ?? "").replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
