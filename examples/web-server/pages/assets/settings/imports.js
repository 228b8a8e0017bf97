// Imports that are done, and taking one back.

import { html, useState } from "../vendor/preact-htm.js";
import { remove } from "../lib/api.js";
import { changed, useData } from "../lib/data.js";
import { number, plural } from "../lib/format.js";
import { Icon } from "../ui/icon.js";
import { Card, useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";

const SHOWN = 10;
const KINDS = { tickets: "Tickets", patterns: "Test patterns", history: "History", results: "Results", training: "Training data", sync: "Sync" };
const STATES = { stopped: "stopped half-way", undone: "taken back", forgotten: "too long ago to take back" };

/** The newest imports; nothing where there was none. */
export function Imports() {
  const { data } = useData("/imports?limit=50");
  const [all, setAll] = useState(false);
  if (!data?.items.length) return null;
  const shown = data.items.slice(0, all ? undefined : SHOWN);
  return html`<${Card} title="Brought in so far">
    <ul class="imports">${shown.map((one) => html`<${ImportRow} key=${one.import_id} one=${one} />`)}</ul>
    ${data.items.length > shown.length && html`<p><button type="button" class="link" onClick=${() => setAll(true)}>Show all</button></p>`}
  <//>`;
}

function ImportRow({ one }) {
  const added = total(one.new);
  const updated = total(one.updated);
  const when = one.began_at ? new Date(one.began_at).toLocaleString() : "";
  return html`<li class="import">
    <div class="row">
      <${Icon} name="file" />
      <span class="grow clip" title=${one.source}>${one.source}${one.is_sample ? " (sample)" : ""}</span>
      <span class="tag">${KINDS[one.kind] ?? one.kind}</span>
    </div>
    <p class="small muted numeric">${when}: ${number(added)} new, ${number(updated)} changed${STATES[one.state] ? `, ${STATES[one.state]}` : ""}</p>
    <${TakeBack} id=${one.import_id} name=${one.source} can=${one.state === "complete" || one.state === "stopped"} />
  </li>`;
}

/** Takes an import back and says what was kept. */
export function TakeBack({ id, name, can = true }) {
  const [busy, run] = useBusy();
  const [undone, setUndone] = useState(null);
  const take = () =>
    run(async () => {
      try {
        const report = await remove(`/imports/${id}`);
        setUndone(report);
        toast(`Taken back: ${name}`);
        await changed("/");
      } catch (error) {
        complain(error);
      }
    });
  if (undone) return html`<${Undone} undone=${undone} />`;
  if (!can) return null;
  return html`<p class="small"><button type="button" class="button small" disabled=${busy} aria-label=${`Take back ${name}`} onClick=${take}><${Icon} name="undo" /> Take back</button></p>`;
}

function Undone({ undone }) {
  const kept = undone.kept ?? [];
  return html`<div class="small">
    <p>Taken back: ${number(total(undone.removed))} removed, ${number(total(undone.put_back))} as before${undone.kept_count ? html`, <span class="warn">${plural(undone.kept_count, "record")} kept</span>` : ""}.</p>
    ${kept.length > 0 && html`<ul class="muted">${kept.slice(0, 5).map((one) => html`<li key=${one.what + one.name}>${one.name}: ${one.reason}</li>`)}</ul>`}
  </div>`;
}

function total(counts) {
  return counts.tickets + counts.patterns + counts.observations;
}
