// Keyboard shortcuts: single keys, and two after another such as `g d`. Never while something is
// typed, and never with Ctrl, Alt or Meta; they can be switched off (WCAG 2.1.4).

import { useEffect, useRef } from "../vendor/preact-htm.js";

const KEY = "atlas-shortcuts";
/** How long the second key of two may take, in milliseconds. */
const PATIENCE = 1_200;

const groups = new Set();
let first = null;
let firstAt = 0;

/**
 * Shortcuts that hold while the component is there: `[keys, what it does, function]` each, under a
 * title for the overview.
 */
export function useKeys(title, shortcuts) {
  const group = useRef({ title, shortcuts });
  group.current.title = title;
  group.current.shortcuts = shortcuts;
  useEffect(() => {
    groups.add(group.current);
    return () => groups.delete(group.current);
  }, []);
}

/** What holds now: `[{title, shortcuts}]`. */
export function allShortcuts() {
  return [...groups].filter((group) => group.shortcuts.length);
}

export function shortcutsAreOn() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function switchShortcuts(on) {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // Then they stay as they are.
  }
}

const TYPED = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !shortcutsAreOn()) return;
  if (event.target.closest?.(TYPED) || document.querySelector("dialog[open]")) return;
  const pair = first && Date.now() - firstAt < PATIENCE ? `${first} ${event.key}` : null;
  first = null;
  const run = (pair && find(pair)) ?? find(event.key);
  if (run) {
    event.preventDefault();
    run(event);
  } else if (begins(event.key)) {
    first = event.key;
    firstAt = Date.now();
  }
});

// The newest group goes first: a page's own keys before those of the frame.
function find(keys) {
  for (const group of [...groups].reverse()) {
    const found = group.shortcuts.find(([name]) => name === keys);
    if (found) return found[2];
  }
  return undefined;
}

function begins(key) {
  return [...groups].some((group) => group.shortcuts.some(([name]) => name.startsWith(`${key} `)));
}
