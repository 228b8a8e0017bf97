// The clock of the session that is open.

import { useEffect, useReducer } from "../vendor/preact-htm.js";

const clocks = new Set();

setInterval(() => {
  for (const redraw of clocks) redraw();
}, 1_000);

/** Draws again each second, all clocks of the page at once. */
export function useSeconds() {
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    clocks.add(redraw);
    return () => clocks.delete(redraw);
  }, []);
}

// When each session was read, by what was read: seconds since then are added to its own.
const readAt = new WeakMap();

/** Seconds of work up to now, breaks left out. */
export function workSeconds(session) {
  if (!readAt.has(session)) readAt.set(session, Date.now());
  return session.status === "active" ? session.work_seconds + seconds(session) : session.work_seconds;
}

/** Seconds of breaks up to now. */
export function breakSeconds(session) {
  if (!readAt.has(session)) readAt.set(session, Date.now());
  return session.status === "paused" ? session.break_seconds + seconds(session) : session.break_seconds;
}

// `work_seconds` ends with the last event, which the server dates by its own clock. This machine's
// clock is the same one unless the page was opened from elsewhere; then it counts from the reading.
function seconds(session) {
  const since = (Date.now() - Date.parse(session.last_alive)) / 1_000;
  const here = (Date.now() - readAt.get(session)) / 1_000;
  return since >= 0 && since < 36 * 3600 ? since : here;
}
