// Small parts that pages share.

import { html, useEffect, useRef, useState } from "../vendor/preact-htm.js";
import { hasMoved } from "../lib/router.js";
import { Icon } from "./icon.js";

/** The page's head; its title gets the focus when one comes from another page, so that it is read out. */
export function PageHead({ title, lead, dir, children }) {
  const heading = useRef();
  useEffect(() => {
    document.title = `${title} · ATLAS`;
  }, [title]);
  useEffect(() => {
    if (hasMoved()) heading.current?.focus({ preventScroll: true });
  }, []);
  return html`<header class="page-head">
    <div class="grow">
      <h1 ref=${heading} tabindex="-1" dir=${dir}>${title}</h1>
      ${lead && html`<p>${lead}</p>`}
    </div>
    ${children}
  </header>`;
}

export function Card({ title, tools, flush, children, label, ...rest }) {
  return html`<section class=${`card${flush ? " flush" : ""}${rest.class ? ` ${rest.class}` : ""}`} aria-label=${label ?? title}>
    ${title && html`<div class="card-head"><h2>${title}</h2>${tools}</div>`} ${children}
  </section>`;
}

/** A grey box in the place of what is being read. */
export function Bone({ w = "100%", h = 18 }) {
  return html`<span class="bone" style=${{ width: typeof w === "number" ? `${w}px` : w, height: `${h}px` }}></span>`;
}

export function Bones({ n = 3, h = 44, gap = 10 }) {
  return html`<div aria-hidden="true" style=${{ display: "grid", gap: `${gap}px` }}>
    ${Array.from({ length: n }, (_, i) => html`<${Bone} key=${i} h=${h} />`)}
  </div>`;
}

export function Empty({ icon = "file", title, children, actions }) {
  return html`<div class="empty">
    <${Icon} name=${icon} />
    <h3>${title}</h3>
    ${children && html`<p>${children}</p>`} ${actions && html`<div class="buttons">${actions}</div>`}
  </div>`;
}

/** What went wrong, and a way to try again. */
export function Problem({ error, again }) {
  return html`<div class="problem" role="alert">
    <${Icon} name="warning" />
    <p>${error.message}</p>
    ${again && html`<button type="button" class="button small" onClick=${again}>Try again</button>`}
  </div>`;
}

/** Draws what was read: a skeleton while it is read, the problem where there is one. */
export function Read({ from, bones, children }) {
  if (from.data !== undefined) return children(from.data);
  if (from.error) return html`<${Problem} error=${from.error} again=${from.reload} />`;
  return bones ?? html`<${Bones} />`;
}

export function Meter({ share, label, thin }) {
  return html`<div class=${`meter${thin ? " thin" : ""}`} role="img" aria-label=${label}>
    <i style=${{ "--share": Math.min(1, Math.max(0, share || 0)) }}></i>
  </div>`;
}

/** One of a few, as a row of buttons; `options` are `[value, words]`. */
export function Segments({ label, value, options, onChange }) {
  const name = useRef(`segments-${Math.random().toString(36).slice(2)}`);
  return html`<div class="segments" role="radiogroup" aria-label=${label}>
    ${options.map(
      ([one, text]) => html`<label key=${one}>
        <input type="radio" name=${name.current} value=${one} checked=${one === value} onChange=${() => onChange(one)} />
        <span>${text}</span>
      </label>`,
    )}
  </div>`;
}

export function Select({ label, value, options, onChange }) {
  return html`<select aria-label=${label} value=${value} onChange=${(event) => onChange(event.target.value)}>
    ${options.map(([one, text]) => html`<option key=${one} value=${one} selected=${one === value}>${text}</option>`)}
  </select>`;
}

/** 1 to `most`, as stars; the value again takes it back. */
export function Stars({ label, value, onChange, most = 5 }) {
  return html`<div class="stars" role="radiogroup" aria-label=${label}>
    ${Array.from({ length: most }, (_, i) => i + 1).map(
      (n) => html`<button
        key=${n}
        type="button"
        role="radio"
        aria-checked=${n === value}
        aria-label=${`${n} of ${most}`}
        class=${n <= (value ?? 0) ? "star on" : "star"}
        onClick=${() => onChange(n === value ? null : n)}
      >
        <${Icon} name="star" filled=${n <= (value ?? 0)} />
      </button>`,
    )}
  </div>`;
}

/** A dialog that is open as long as it is drawn. A click beside it closes it unless it has a form. */
export function Dialog({ title, wide, onClose, children }) {
  const dialog = useRef();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => before?.focus?.({ preventScroll: true });
  }, []);
  return html`<dialog
    ref=${dialog}
    class=${wide ? "wide" : ""}
    aria-label=${title}
    onClose=${onClose}
    onMouseDown=${(event) => event.target === dialog.current && !dialog.current.querySelector("form") && dialog.current.close()}
  >
    <div class="dialog-head">
      <h2>${title}</h2>
      <button type="button" class="button quiet icon-only" aria-label="Close" onClick=${() => dialog.current.close()}><${Icon} name="x" /></button>
    </div>
    <div class="dialog-body" tabindex="-1">${children}</div>
  </dialog>`;
}

/** A button that opens a list of things to do: `[words, icon, function]` each. */
export function Menu({ label, icon, items }) {
  const [open, setOpen] = useState(false);
  const box = useRef();
  useEffect(() => {
    if (!open) return undefined;
    box.current.querySelector("[role=menuitem]")?.focus();
    const away = (event) => box.current?.contains(event.target) || setOpen(false);
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  const onKeyDown = (event) => {
    const list = [...box.current.querySelectorAll("[role=menuitem]")];
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && open) {
      setOpen(false);
      box.current.querySelector("button").focus();
    } else if (open && move) {
      const place = list.indexOf(document.activeElement);
      list[(place + move + list.length) % list.length].focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div class="menu" ref=${box} onKeyDown=${onKeyDown}>
    <button type="button" class="button" aria-haspopup="menu" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <${Icon} name=${icon} /> ${label} <${Icon} name="down" />
    </button>
    ${open &&
    html`<div class="menu-list" role="menu" aria-label=${label}>
      ${items.map(
        ([text, name, run]) => html`<button
          key=${text}
          type="button"
          role="menuitem"
          onClick=${() => {
            setOpen(false);
            box.current.querySelector("button").focus();
            run();
          }}
        >
          <${Icon} name=${name} /> ${text}
        </button>`,
      )}
    </div>`}
  </div>`;
}

/** Runs one thing at a time: `[busy, run]`. */
export function useBusy() {
  const [busy, setBusy] = useState(false);
  const run = async (work) => {
    if (busy) return;
    setBusy(true);
    try {
      await work();
    } finally {
      setBusy(false);
    }
  };
  return [busy, run];
}

const PRIORITY = { blocker: "bad", critical: "bad", highest: "bad", high: "bad", major: "warn", medium: "" };

export function Priority({ name }) {
  if (!name) return null;
  return html`<span class=${`tag ${PRIORITY[name.toLowerCase()] ?? ""}`}>${name}</span>`;
}

export function Status({ name }) {
  const done = /done|closed|resolved/i.test(name ?? "");
  const going = /progress|review|test/i.test(name ?? "");
  return name ? html`<span class=${`tag ${done ? "good" : going ? "accent" : ""}`}>${name}</span>` : null;
}

export function Outcome({ name }) {
  const kind = { passed: "good", failed: "bad", blocked: "warn" }[name] ?? "";
  const said = { passed: "Passed", failed: "Defect found", blocked: "Blocked", cancelled: "Given up" }[name] ?? name;
  return name ? html`<span class=${`tag ${kind}`}>${said}</span>` : null;
}
