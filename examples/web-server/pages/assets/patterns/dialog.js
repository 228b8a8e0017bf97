// One pattern: read, write, retire.

import { html, useState } from "../vendor/preact-htm.js";
import { post, put, remove } from "../lib/api.js";
import { changed, useData } from "../lib/data.js";
import { useDraft } from "../lib/drafts.js";
import { minutes } from "../lib/format.js";
import { DraftNote } from "../ui/draft.js";
import { Bones, Dialog, Problem, useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";
import { StepsEditor, blankStep, cleanSteps } from "../ticket/steps.js";

const BLANK = { name: "", pattern_type: "", component: "", objective: "", precondition: "", steps: [blankStep()], avg_time_minutes: null };

export function PatternDialog({ id, onClose }) {
  const fresh = id === "new";
  const pattern = useData(fresh ? null : `/patterns/${encodeURIComponent(id)}`, { refresh: false });
  const [editing, setEditing] = useState(fresh);
  const title = fresh ? "New pattern" : pattern.data?.name ?? "Pattern";
  return html`<${Dialog} title=${title} wide onClose=${onClose}>
    ${pattern.error && html`<${Problem} error=${pattern.error} again=${pattern.reload} />`} ${pattern.loading && html`<${Bones} n=${6} h=${28} />`}
    ${(fresh || pattern.data) &&
    (editing
      ? html`<${Form} pattern=${pattern.data ?? BLANK} fresh=${fresh} onDone=${() => (fresh ? onClose() : setEditing(false))} />`
      : html`<${Shown} pattern=${pattern.data} onEdit=${() => setEditing(true)} />`)}
  <//>`;
}

function Shown({ pattern: p, onEdit }) {
  const [busy, run] = useBusy();
  const retire = () =>
    run(async () => {
      try {
        if (p.is_active) await remove(`/patterns/${p.id}`);
        else await post(`/patterns/${p.id}/reactivate`);
        toast(p.is_active ? "Retired: it is kept, and not named any more." : "In use again.");
        await changed("/patterns");
      } catch (error) {
        complain(error);
      }
    });
  return html`<div class="tags">
      ${p.key && html`<span class="tag">${p.key}</span>`} <span class="tag">${p.pattern_type}</span> ${p.component && html`<span class="tag">${p.component}</span>`}
      ${p.avg_time_minutes && html`<span class="tag">${minutes(p.avg_time_minutes)}</span>`} ${!p.is_active && html`<span class="tag warn">Retired</span>`}
    </div>
    ${p.objective && html`<p class="pre" dir="auto">${p.objective}</p>`} ${p.precondition && html`<p class="pre" dir="auto"><span class="label">Before it starts</span><br />${p.precondition}</p>`}
    <ol class="pattern-steps">
      ${p.steps.map(
        (step, i) => html`<li key=${i}>
          <span class="muted numeric">${i + 1}</span>
          <div class="grow"><p class="pre" dir="auto">${step.action}</p>${step.data && html`<code class="step-data pre" dir="auto">${step.data}</code>`}${step.expected && html`<p class="muted small pre" dir="auto">${step.expected}</p>`}</div>
        </li>`,
      )}
    </ol>
    ${p.steps.length === 0 && html`<p class="muted">It has no steps.</p>`}
    <div class="dialog-foot">
      <button type="button" class=${p.is_active ? "button danger" : "button"} disabled=${busy} onClick=${retire}>${p.is_active ? "Retire" : "Use again"}</button>
      <button type="button" class="button primary" onClick=${onEdit}>Change</button>
    </div>`;
}

function Form({ pattern, fresh, onDone }) {
  const draft = useDraft(`pattern:${fresh ? "new" : pattern.id}`, pattern);
  const [p, setP] = [draft.value, draft.set];
  const [problem, setProblem] = useState(null);
  const [busy, run] = useBusy();
  const set = (name) => (event) => setP({ ...p, [name]: event.target.value });
  const save = (event) => {
    event.preventDefault();
    setProblem(null);
    const body = { key: p.key ?? null, labels: p.labels ?? [], name: p.name.trim(), pattern_type: p.pattern_type.trim(), steps: cleanSteps(p.steps), avg_time_minutes: p.avg_time_minutes ? Number(p.avg_time_minutes) : null };
    for (const name of ["component", "objective", "precondition"]) body[name] = p[name]?.trim() || null;
    run(async () => {
      try {
        if (fresh) await post("/patterns", body);
        else await put(`/patterns/${p.id}`, body);
        toast("Saved.");
        await changed("/patterns");
        draft.forget();
        onDone();
      } catch (error) {
        setProblem(error);
      }
    });
  };
  return html`<form class="form" onSubmit=${save}>
    ${problem && html`<${Problem} error=${problem} />`}
    <label class="field"><span>Name</span><input type="text" required maxlength="500" value=${p.name} onInput=${set("name")} /></label>
    <div class="form-row">
      <label class="field"><span>Type</span><input type="text" required placeholder="Form Submission" value=${p.pattern_type} onInput=${set("pattern_type")} /></label>
      <label class="field"><span>Component</span><input type="text" value=${p.component ?? ""} onInput=${set("component")} /></label>
      <label class="field"><span>Minutes on average</span><input type="number" min="1" max="1440" value=${p.avg_time_minutes ?? ""} onInput=${set("avg_time_minutes")} /></label>
    </div>
    <label class="field"><span>What it is for</span><textarea dir="auto" rows="2" value=${p.objective ?? ""} onInput=${set("objective")}></textarea></label>
    <label class="field"><span>What must hold before it starts</span><textarea dir="auto" rows="1" value=${p.precondition ?? ""} onInput=${set("precondition")}></textarea></label>
    <${StepsEditor} steps=${p.steps} onChange=${(steps) => setP({ ...p, steps })} />
    <${DraftNote} draft=${draft} />
    <div class="dialog-foot">
      <button type="button" class="button" onClick=${onDone}>Close</button>
      <button type="submit" class="button primary" disabled=${busy}>Save</button>
    </div>
  </form>`;
}
