// The frame around every page: navigation, search, the running session, the state of the server.

import { html, useEffect, useReducer, useState } from "../vendor/preact-htm.js";
import { askNow, isUp, onConnection } from "../lib/connection.js";
import { useData } from "../lib/data.js";
import { clock } from "../lib/format.js";
import { allShortcuts, useKeys } from "../lib/keys.js";
import { go, usePath } from "../lib/router.js";
import { chooseTheme, chosenTheme, onTheme, shownTheme } from "../lib/theme.js";
import { Icon } from "./icon.js";
import { Dialog } from "./parts.js";
import { Search } from "./search.js";
import { useSeconds, workSeconds } from "./running.js";
import { Toasts } from "./toast.js";

const PAGES = [
  ["/", "Dashboard", "home", "g d"],
  ["/my-work", "My work", "list", "g w"],
  ["/tickets/new", "Ask about a text", "target", "g t"],
  ["/session", "Session", "timer", "g s"],
  ["/patterns", "Patterns", "shapes", "g p"],
  ["/achievements", "Achievements", "trophy", "g a"],
  ["/accuracy", "Accuracy", "chart", "g c"],
  ["/settings", "Settings", "gear", "g e"],
];

export function Shell({ children }) {
  const path = usePath();
  const [menu, setMenu] = useState(false);
  const [help, setHelp] = useState(false);
  useEffect(() => setMenu(false), [path]);
  useKeys("Go to", PAGES.map(([to, name, , keys]) => [keys, name, () => go(to)]));
  useKeys("Everywhere", [
    ["?", "These shortcuts", () => setHelp(true)],
    ["t", "Light or dark", () => chooseTheme(shownTheme() === "dark" ? "light" : "dark")],
  ]);
  return html`<div class="frame">
    <a class="skip" href="#main" onClick=${skip}>Skip to the page</a>
    ${menu && html`<button type="button" class="side-veil" aria-label="Close the menu" onClick=${() => setMenu(false)}></button>`}
    <aside class=${menu ? "side open" : "side"} onKeyDown=${(event) => event.key === "Escape" && setMenu(false)}>
      <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="26" height="26" />ATLAS</a>
      <nav class="nav" aria-label="Pages">
        ${PAGES.map(
          ([to, name, icon]) => html`<a key=${to} href=${to} aria-current=${path === to ? "page" : undefined}><${Icon} name=${icon} />${name}</a>`,
        )}
      </nav>
      <div class="side-foot">
        <${Running} />
        <div class="side-tools">
          <${ThemeButton} />
          <button type="button" class="button quiet icon-only" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" onClick=${() => setHelp(true)}>
            <${Icon} name="keyboard" />
          </button>
          <a class="button quiet icon-only" href="/api/docs" aria-label="The API, to read" title="The API, to read"><${Icon} name="help" /></a>
        </div>
      </div>
    </aside>
    <header class="bar">
      <button type="button" class="button quiet icon-only menu-button" aria-label="Menu" aria-expanded=${menu} onClick=${() => setMenu(true)}>
        <${Icon} name="menu" />
      </button>
      <${Search} />
    </header>
    <${Away} />
    <main class="main" id="main" tabindex="-1">${children}</main>
    ${help && html`<${Help} onClose=${() => setHelp(false)} />`}
    <${Toasts} />
  </div>`;
}

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

function ThemeButton() {
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => onTheme(redraw), []);
  const chosen = chosenTheme();
  const next = { system: "light", light: "dark", dark: "system" }[chosen];
  const said = { system: "as the system has it", light: "light", dark: "dark" }[chosen];
  return html`<button type="button" class="button quiet icon-only" aria-label=${`Colours: ${said}`} title=${`Colours: ${said}`} onClick=${() => chooseTheme(next)}>
    <${Icon} name=${{ system: "screen", light: "sun", dark: "moon" }[chosen]} />
  </button>`;
}

/** The session that is open, with its clock, wherever one is. */
function Running() {
  const { data: session } = useData("/session/current");
  useSeconds();
  if (!session) return null;
  const paused = session.status === "paused";
  return html`<a class="running" href="/session">
    <span class="running-line">
      <span class="row"><i class=${paused ? "pulse paused" : "pulse"}></i><span class="key">${session.ticket_key}</span></span>
      <span class="numeric strong">${clock(workSeconds(session))}</span>
    </span>
    <span class="small muted">${paused ? "In a break" : "Being tested"}</span>
  </a>`;
}

/** Says that the server went away, until it is back. */
function Away() {
  const [up, setUp] = useState(isUp());
  useEffect(() => onConnection(setUp), []);
  return html`<div role="status" aria-live="polite">
    ${!up &&
    html`<div class="away">
      <${Icon} name="warning" />
      <span class="grow">ATLAS is not answering. What you typed is kept; this page goes on by itself once it is back.</span>
      <button type="button" class="button small" onClick=${askNow}>Try now</button>
    </div>`}
  </div>`;
}

function Help({ onClose }) {
  const titles = [...new Set(allShortcuts().map((group) => group.title))];
  const of = (title) => allShortcuts().filter((group) => group.title === title).flatMap((group) => group.shortcuts);
  return html`<${Dialog} title="Keyboard shortcuts" wide onClose=${onClose}>
    <div class="shortcuts">
      ${titles.map(
        (title) => html`<section key=${title}>
          <h3>${title}</h3>
          <dl>
            ${of(title).map(
              ([keys, what]) => html`<div key=${keys}>
                <dt>${keys.split(" ").map((key) => html`<kbd key=${key}>${key === "Enter" ? "↵" : key}</kbd>`)}</dt>
                <dd>${what}</dd>
              </div>`,
            )}
          </dl>
        </section>`,
      )}
    </div>
    <p class="small muted">They rest while you type. Settings can switch them off.</p>
  <//>`;
}
