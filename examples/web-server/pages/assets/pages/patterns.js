// The test patterns: to look through, to write, to retire.

import { html, useEffect, useState } from "../vendor/preact-htm.js";
import { get, query } from "../lib/api.js";
import { useData } from "../lib/data.js";
import { minutes, percent, plural, words as said } from "../lib/format.js";
import { useKeys } from "../lib/keys.js";
import { go, useQuery } from "../lib/router.js";
import { PatternDialog } from "../patterns/dialog.js";
import { Icon } from "../ui/icon.js";
import { Bones, Empty, PageHead, Read, Select } from "../ui/parts.js";

const ORIGINS = [["", "From anywhere"], ["user", "Written here"], ["imported", "Imported"], ["mined", "Found in tickets"], ["starter", "Starter catalogue"]];
const ACTIVE = [["true", "In use"], ["false", "Retired"], ["", "All"]];
const PAGE = 60;
/** How long typing rests before it is looked for, in milliseconds. */
const REST = 180;

export default function Patterns() {
  const [text, setText] = useQuery("text");
  const [typed, setTyped] = useState(text);
  const [origin, setOrigin] = useQuery("origin");
  const [active, setActive] = useQuery("active", "true");
  const [shown, setShown] = useQuery("pattern");
  const [limit, setLimit] = useState(PAGE);
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), REST);
    return () => clearTimeout(timer);
  }, [typed]);
  const patterns = useData(`/patterns${query({ text, origin, active, limit })}`, { load: origin ? get : () => all({ text, active, limit }) });
  useKeys("Patterns", [
    ["f", "Find", () => document.getElementById("pattern-words").focus()],
    ["w", "Write a new one", () => setShown("new")],
  ]);
  return html`<div class="page">
    <${PageHead} title="Patterns" lead="Reusable scenarios with steps: what ATLAS chooses from.">
      <button type="button" class="button primary" onClick=${() => setShown("new")}><${Icon} name="plus" /> New pattern</button>
    <//>
    <div class="filters">
      <input id="pattern-words" type="search" aria-label="Find by name or key" placeholder="Find by name or key" value=${typed} onInput=${(event) => setTyped(event.target.value)} />
      <${Select} label="Origin" value=${origin} options=${ORIGINS} onChange=${setOrigin} />
      <${Select} label="In use or retired" value=${active} options=${ACTIVE} onChange=${setActive} />
    </div>
    <${Read} from=${patterns} bones=${html`<div class="card"><${Bones} n=${10} h=${50} /></div>`}>
      ${({ items, next_cursor: more }) =>
        items.length === 0
          ? html`<div class="card">
              <${Empty} icon="shapes" title="No pattern fits" actions=${html`<a class="button" href="/settings?part=data">Import patterns</a><button type="button" class="button" onClick=${() => { setTyped(""); go("/patterns"); }}>Take the filters off</button>`}>Write one, or bring in your test cases.<//>
            </div>`
          : html`<section class="card flush" aria-label="Patterns">
                <ul class="rows">${items.map((pattern) => html`<li key=${pattern.id}><${Row} pattern=${pattern} onOpen=${() => setShown(String(pattern.id))} /></li>`)}</ul>
              </section>
              ${more && html`<p><button type="button" class="button small" onClick=${() => setLimit(limit + PAGE)}>Show more</button></p>`}`}
    <//>
    ${shown && html`<${PatternDialog} key=${shown} id=${shown} onClose=${() => setShown("")} />`}
  </div>`;
}

/** Of every origin: what is the user's own comes first, the starter catalogue last. */
async function all({ limit, ...filter }) {
  const lists = await Promise.all(["user", "mined", "imported", "starter"].map((origin) => get(`/patterns${query({ ...filter, origin, limit })}`)));
  const items = lists.flatMap((list) => list.items);
  return { items: items.slice(0, limit), next_cursor: items.length > limit || lists.some((list) => list.next_cursor) ? "more" : null };
}

function Row({ pattern: p, onOpen }) {
  return html`<button type="button" class="row-link row-button" onClick=${onOpen}>
    <span class="grow">
      <span class="pattern-name" dir="auto">${p.name}</span>
      <span class="row wrap small muted pattern-facts">
        ${p.key && html`<span class="key">${p.key}</span>`} ${p.component && html`<span class="tag">${p.component}</span>`}<span class="tag">${p.pattern_type}</span>
        ${p.origin !== "imported" && html`<span>${said(p.origin)}</span>`} ${!p.is_active && html`<span class="tag warn">Retired</span>`}
      </span>
    </span>
    <span class="small muted numeric session-facts">
      <span>${plural(p.steps.length, "step")}${p.avg_time_minutes ? ` · ${minutes(p.avg_time_minutes)}` : ""}</span>
      <span>${p.frequency ? `${plural(p.frequency, "use")}, ${percent(p.success_rate)} right` : "not used yet"}</span>
    </span>
  </button>`;
}
