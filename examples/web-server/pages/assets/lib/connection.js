// Whether the server answers. When it does not, it is asked again until it does.

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 8_000;

const listeners = new Set();
let up = true;
let timer = null;

export const isUp = () => up;

/** Calls back with true or false whenever it changes; returns what ends that. */
export function onConnection(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The server gave an answer, whatever it was. */
export function answered() {
  if (!up) change(true);
}

/** A request found nobody. */
export function lost() {
  if (!up) return;
  change(false);
  askAgain(FIRST_WAIT);
}

/** Asks now, for who does not want to wait. */
export function askNow() {
  clearTimeout(timer);
  return ask(FIRST_WAIT);
}

function change(value) {
  up = value;
  if (up) clearTimeout(timer);
  for (const listener of listeners) listener(up);
}

function askAgain(wait) {
  timer = setTimeout(() => ask(wait), wait);
}

async function ask(wait) {
  try {
    const response = await fetch("/health", { cache: "no-store" });
    if (response.ok) return change(true);
  } catch {
    // Still nobody there.
  }
  askAgain(Math.min(wait * 1.5, LONGEST_WAIT));
}
