// A scenario that was needed and not named: a pattern that is there, or a new one.

import { html, useState } from "../vendor/preact-htm.js";
import { post, query } from "../lib/api.js";
import { changed, useData } from "../lib/data.js";
import { useDraft } from "../lib/drafts.js";
import { DraftNote } from "../ui/draft.js";
import { Dialog, useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";
import { StepsEditor, blankStep, cleanSteps } from "./steps.js";

export function MissedDialog({ ticketKey, onClose }) {
  const [pattern, setPattern] = useState(null);
  const draft = useDraft(`missed:${ticketKey}`, { name: "", steps: [blankStep()] });
  const { name, steps } = draft.value;
  const set = (change) => draft.set({ ...draft.value, ...change });
  const [busy, run] = useBusy();
  const words = name.trim();
  const found = useData(!pattern && words.length > 2 ? `/patterns${query({ text: words, active: true, limit: 5 })}` : null, { refresh: false });
  const ready = pattern || (words && cleanSteps(steps).length);
  const save = (event) => {
    event.preventDefault();
    run(async () => {
      try {
        const missed = pattern ? { pattern: pattern.id } : { new: { name: words, steps: cleanSteps(steps) } };
        await post("/missed", { ticket_key: ticketKey, scenario: missed });
        toast(`Noted: “${pattern?.name ?? words}” was needed here. ATLAS learns from it.`);
        changed("/feedback", "/patterns", "/challenge", "/personal/");
        draft.forget();
        onClose();
      } catch (error) {
        complain(error);
      }
    });
  };
  return html`<${Dialog} title="What was missing?" wide onClose=${onClose}>
    <form class="form" onSubmit=${save}>
      ${pattern
        ? html`<div class="note row"><span class="grow">${pattern.name}</span><button type="button" class="link" onClick=${() => setPattern(null)}>Another one</button></div>`
        : html`<label class="field"><span>The scenario's name</span><input type="text" required value=${name} placeholder="Export with 0 rows" dir="auto" onInput=${(event) => set({ name: event.target.value })} /></label>
            ${found.data?.items.length > 0 &&
            html`<div>
              <p class="label">Is it one of these?</p>
              <ul class="buttons">${found.data.items.map((one) => html`<li key=${one.id}><button type="button" class="button small" onClick=${() => setPattern(one)}>${one.name}</button></li>`)}</ul>
            </div>`}
            <${StepsEditor} steps=${steps} onChange=${(steps) => set({ steps })} />`}
      <${DraftNote} draft=${draft} />
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${onClose}>Close</button>
        <button type="submit" class="button primary" disabled=${busy || !ready}>Save</button>
      </div>
    </form>
  <//>`;
}
