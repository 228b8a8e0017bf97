// What pages read, kept between pages and refreshed while it is looked at. A refresh replaces data
// where it changed and nothing else: what is typed and where one has scrolled belong to the page.

import { useLayoutEffect, useReducer, useRef } from "../vendor/preact-htm.js";
import { get } from "./api.js";
import { isUp, onConnection } from "./connection.js";

/** Milliseconds between refreshes (specification 6.2). */
const REFRESH = 30_000;

const entries = new Map();

/**
 * What the server has at a path: `{data, error, loading, reload}`. Data that was read before is
 * there at once. Without a path there is nothing. `load` replaces the plain read of the path;
 * with `refresh: false` it is read once.
 */
export function useData(path, { load = get, refresh = true } = {}) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const drawn = useRef(0);
  // Before the next paint: an answer must not wait for it.
  useLayoutEffect(() => {
    if (!path) return undefined;
    const entry = entryOf(path, load, refresh);
    entry.listeners.add(redraw);
    // The answer may have come before anybody listened.
    if (entry.changes !== drawn.current) redraw();
    return () => entry.listeners.delete(redraw);
  }, [path]);
  if (!path) return { data: undefined, error: null, loading: false, reload: async () => {} };
  const entry = entryOf(path, load, refresh);
  drawn.current = entry.changes;
  const loading = entry.data === undefined && !entry.error;
  return { data: entry.data, error: entry.error, loading, reload: () => read(entry) };
}

/** Reads everything again whose path begins with one of these, if it is looked at; else forgets it. */
export function changed(...prefixes) {
  const reads = [];
  for (const [path, entry] of entries) {
    if (!prefixes.some((prefix) => path.startsWith(prefix))) continue;
    if (entry.listeners.size) reads.push(read(entry));
    else entries.delete(path);
  }
  return Promise.all(reads);
}

/** Puts an answer in its place without asking for it. */
export function know(path, data) {
  const entry = entries.get(path);
  if (entry) settle(entry, { data, error: null });
  else entries.set(path, { ...blank(path, get, true), data, text: JSON.stringify(data), at: Date.now() });
}

function blank(path, load, refresh) {
  return { path, load, refresh, data: undefined, text: undefined, error: null, at: 0, changes: 0, reading: null, listeners: new Set() };
}

function entryOf(path, load, refresh) {
  let entry = entries.get(path);
  if (!entry) {
    entry = blank(path, load, refresh);
    entries.set(path, entry);
  }
  const old = entry.refresh && Date.now() - entry.at > REFRESH;
  if (!entry.at || (old && !entry.listeners.size)) read(entry);
  return entry;
}

function read(entry) {
  if (entry.reading) {
    // What is on its way may be from before a change.
    entry.again ??= entry.reading.then(() => {
      entry.again = null;
      return read(entry);
    });
    return entry.again;
  }
  entry.at = Date.now();
  entry.reading = entry
    .load(entry.path)
    .then((data) => settle(entry, { data, error: null }))
    // Old data is better than none while the server is away.
    .catch((error) => settle(entry, { data: error.status === 0 ? entry.data : undefined, error }))
    .finally(() => {
      entry.reading = null;
    });
  return entry.reading;
}

function settle(entry, { data, error }) {
  const text = JSON.stringify(data);
  const same = text === entry.text && entry.error?.message === error?.message;
  entry.error = error;
  if (same) return;
  entry.data = data;
  entry.changes += 1;
  entry.text = text;
  for (const listener of entry.listeners) listener();
}

function refreshAll({ force = false } = {}) {
  if (document.hidden || !isUp()) return;
  for (const entry of entries.values()) {
    if (!entry.listeners.size) continue;
    const old = Date.now() - entry.at >= REFRESH - 1_000;
    if (force ? entry.refresh || entry.error : entry.refresh && old) read(entry);
  }
}

setInterval(refreshAll, REFRESH);
document.addEventListener("visibilitychange", () => refreshAll());
onConnection((up) => up && refreshAll({ force: true }));
