// Light, dark, or as the system has it. The choice is this browser's; see ../early.js.

const KEY = "atlas-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();

/** What was chosen: "light", "dark" or "system". */
export function chosenTheme() {
  return document.documentElement.dataset.theme ?? "system";
}

/** What is shown: "light" or "dark". */
export function shownTheme() {
  const chosen = chosenTheme();
  return chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
}

export function chooseTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Then the choice holds until the page is closed.
  }
  tell();
}

/** Calls back after each change; returns what ends that. */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A colour of base.css, as it is now, for who draws on a canvas. */
export function ink(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Anything else of base.css. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function tell() {
  for (const listener of listeners) listener();
}

dark.addEventListener("change", tell);
