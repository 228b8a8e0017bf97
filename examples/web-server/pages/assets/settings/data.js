// What the database holds; bringing in, taking out, keeping safe.

import { html } from "../vendor/preact-htm.js";
import { loadSample, removeSample } from "../dashboard/welcome.js";
import { post } from "../lib/api.js";
import { useData } from "../lib/data.js";
import { number } from "../lib/format.js";
import { Icon } from "../ui/icon.js";
import { Bones, Card, Read, useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";
import { Import } from "./import.js";
import { Imports } from "./imports.js";

export function DataPart() {
  const health = useData("/health");
  return html`<div class="stack">
    <${Card} title="Bring in"><${Import} /><//>
    <${Imports} />
    <${Card} title="The database">
      <${Read} from=${health} bones=${html`<${Bones} n=${3} h=${26} />`}>${(data) => html`<${Holds} counts=${data.counts} sample=${data.counts?.tickets === 0} />`}<//>
      <${Keep} />
    <//>
  </div>`;
}

function Holds({ counts, sample }) {
  const [busy, run] = useBusy();
  const { data: there } = useData("/sample");
  if (!counts) return null;
  const own = counts.patterns - counts.starter_patterns;
  return html`<dl class="holds">
      <div><dt>Tickets</dt><dd class="numeric">${number(counts.tickets)}</dd></div>
      <div><dt>Patterns of your own</dt><dd class="numeric">${number(own)}</dd></div>
      <div><dt>Starter catalogue</dt><dd class="numeric">${number(counts.starter_patterns)}</dd></div>
      <div><dt>Known results</dt><dd class="numeric">${number(counts.observations)}</dd></div>
    </dl>
    ${sample && html`<p><button type="button" class="button" disabled=${busy} onClick=${() => run(loadSample)}>Load the sample</button></p>`}
    ${there?.loaded && html`<p class="small">The sample is loaded: invented tickets, patterns and history. <button type="button" class="button small" disabled=${busy} onClick=${() => run(removeSample)}>Remove the sample</button></p>`}`;
}

function Keep() {
  const [busy, run] = useBusy();
  const backup = () =>
    run(async () => {
      try {
        const made = await post("/backup");
        toast(`Backup written: ${made.path ?? made.file ?? "done"}`);
      } catch (error) {
        complain(error);
      }
    });
  return html`<div class="buttons">
    <button type="button" class="button" disabled=${busy} onClick=${backup}><${Icon} name="copy" /> Back up now</button>
    <a class="button" href="/api/atlas/export" download><${Icon} name="download" /> Export as JSON</a>
  </div>`;
}
