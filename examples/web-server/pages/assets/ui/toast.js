// Short notices, such as "Accepted" with a way back.

import { html, useEffect, useReducer, useRef } from "../vendor/preact-htm.js";
import { Icon } from "./icon.js";

const SHOWN = 6_000;
const toasts = [];
let redraw = () => {};
let next = 1;

/** Says something; `action` is `{label, run}`. Problems stay until they are put away. */
export function toast(text, { bad = false, action = null } = {}) {
  const id = next++;
  toasts.push({ id, text, bad, action });
  if (toasts.length > 3) toasts.shift();
  redraw();
  if (!bad) setTimeout(() => drop(id), SHOWN);
}

/** Says what went wrong; a request that was called off is nothing. */
export function complain(error) {
  if (error?.name === "AbortError") return;
  if (!error?.code) console.warn(error);
  toast(error?.message ?? String(error), { bad: true });
}

function drop(id) {
  const place = toasts.findIndex((one) => one.id === id);
  if (place >= 0) toasts.splice(place, 1);
  redraw();
}

export function Toasts() {
  const [, again] = useReducer((n) => n + 1, 0);
  const box = useRef();
  useEffect(() => {
    redraw = again;
  }, []);
  useEffect(() => {
    // Shown anew, it lies above a dialog that was opened meanwhile.
    if (box.current.matches(":popover-open")) box.current.hidePopover();
    if (toasts.length) box.current.showPopover?.();
  }, [toasts.length, toasts.at(-1)?.id]);
  return html`<div class="toasts" ref=${box} popover="manual" role="status" aria-live="polite">
    ${toasts.map(
      ({ id, text, bad, action }) => html`<div key=${id} class=${bad ? "toast bad" : "toast"}>
        <span class="grow">${text}</span>
        ${action &&
        html`<button
          type="button"
          class="link"
          onClick=${() => {
            drop(id);
            action.run();
          }}
        >
          ${action.label}
        </button>`}
        <button type="button" class="button" aria-label="Put away" onClick=${() => drop(id)}><${Icon} name="x" /></button>
      </div>`,
    )}
  </div>`;
}
