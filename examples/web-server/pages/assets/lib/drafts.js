// What is typed and not saved yet: kept by this browser, field by field, until it is saved or thrown
// away. Where the browser keeps nothing, it asks before the page is left.

import { useEffect, useState } from "../vendor/preact-htm.js";

const KEY = "atlas-draft:";
/** Drafts that are kept; the oldest go. */
const MOST = 200;

// Drafts that the browser could not keep.
const loose = new Set();

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(KEY + name))?.value ?? null;
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    if (value === null) localStorage.removeItem(KEY + name);
    else localStorage.setItem(KEY + name, JSON.stringify({ at: Date.now(), value }));
    loose.delete(name);
    if (value !== null) prune();
  } catch {
    if (value === null) loose.delete(name);
    else loose.add(name);
  }
}

function prune() {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(KEY));
  if (names.length <= MOST) return;
  const age = (name) => JSON.parse(localStorage.getItem(name))?.at ?? 0;
  names.sort((a, b) => age(a) - age(b));
  for (const name of names.slice(0, names.length - MOST)) localStorage.removeItem(name);
}

/** Forgets a draft that is saved or not wanted. */
export const forgetDraft = (name) => keep(name, null);

/**
 * A field's value, which is what is stored until something is typed: `{value, set, forget, typed}`.
 * `typed` says whether there is something that is not saved.
 */
export function useDraft(name, stored) {
  const [typed, setTyped] = useState(() => read(name));
  useEffect(() => () => loose.delete(name), [name]);
  const put = (value) => {
    const own = value === null || JSON.stringify(value) === JSON.stringify(stored) ? null : value;
    setTyped(own);
    keep(name, own);
  };
  return { value: typed ?? stored, set: put, forget: () => put(null), typed: typed !== null };
}

addEventListener("beforeunload", (event) => {
  if (loose.size) event.preventDefault();
});
