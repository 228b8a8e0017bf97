// Which page an address means, on the browser's own history.

import { useEffect, useReducer } from "../vendor/preact-htm.js";

const listeners = new Set();
// Where each page of the history was scrolled to, by the number that its state carries.
const scrolled = new Map();
let here = history.state?.number ?? 0;
let newest = here;
let moved = false;

history.scrollRestoration = "manual";
if (history.state?.number === undefined) history.replaceState({ number: here }, "");

/** Goes to a path of the pages. */
export function go(path, { replace = false } = {}) {
  if (path === location.pathname + location.search) return;
  if (replace) {
    history.replaceState({ number: here }, "", path);
  } else {
    scrolled.set(here, scrollY);
    here = newest += 1;
    history.pushState({ number: here }, "", path);
  }
  tell({ top: replace ? null : 0 });
}

/** The path that is shown; draws again when it changes. */
export function usePath() {
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    listeners.add(redraw);
    return () => listeners.delete(redraw);
  }, []);
  return location.pathname;
}

/** One value of the address's query and a function that sets it without a new entry in history. */
export function useQuery(name, fallback = "") {
  usePath();
  const value = new URLSearchParams(location.search).get(name) ?? fallback;
  const set = (next) => {
    const values = new URLSearchParams(location.search);
    if (next === fallback || next === "") values.delete(name);
    else values.set(name, next);
    const text = values.toString();
    go(location.pathname + (text ? `?${text}` : ""), { replace: true });
  };
  return [value, set];
}

export const ticketPath = (key) => `/tickets/${encodeURIComponent(key)}`;
export const sessionPath = (id) => `/sessions/${encodeURIComponent(id)}`;

/** Whether another page was come from: the browser sees to the first one itself. */
export const hasMoved = () => moved;

function tell({ top }) {
  if (top !== null) moved = true;
  for (const listener of listeners) listener();
  if (top === null) return;
  scrollTo(0, top);
  requestAnimationFrame(() => scrollTo(0, top));
}

addEventListener("popstate", (event) => {
  scrolled.set(here, scrollY);
  here = event.state?.number ?? 0;
  newest = Math.max(newest, here);
  tell({ top: scrolled.get(here) ?? 0 });
});

// Links of the pages do not load the page again.
addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.pathname.startsWith("/api/") || link.pathname.startsWith("/assets/") || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
