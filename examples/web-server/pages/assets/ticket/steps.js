// Steps: to tick off, and to write.

import { html } from "../vendor/preact-htm.js";
import { Icon } from "../ui/icon.js";

/** `done(place)` says whether one is ticked; `turn(place)` turns it over. Places count from 0. */
export function Steps({ steps, done, turn, label, disabled }) {
  if (!steps.length) return html`<p class="muted small">It has no steps.</p>`;
  return html`<ol class="steps" aria-label=${label}>
    ${steps.map(
      (step, i) => html`<li key=${i} class=${done(i) ? "step done" : "step"}>
        <label>
          <input type="checkbox" checked=${done(i)} disabled=${disabled} onChange=${() => turn(i)} />
          <span class="grow">
            <span class="step-action pre" dir="auto">${step.action}</span>
            ${step.data && html`<code class="step-data pre" dir="auto">${step.data}</code>`} ${step.expected && html`<span class="step-expected muted pre" dir="auto">${step.expected}</span>`}
          </span>
        </label>
      </li>`,
    )}
  </ol>`;
}

export const blankStep = () => ({ action: "", expected: "" });

/** Steps without those that are empty, in the form that the server takes. */
export function cleanSteps(steps) {
  return steps
    .filter((step) => step.action.trim())
    .map(({ action, expected, data }) => ({
      action: action.trim(),
      ...(expected?.trim() && { expected: expected.trim() }),
      ...(data?.trim() && { data: data.trim() }),
    }));
}

export function StepsEditor({ steps, onChange }) {
  const set = (place, change) => onChange(steps.map((step, i) => (i === place ? { ...step, ...change } : step)));
  const move = (place, by) => {
    const next = [...steps];
    next.splice(place + by, 0, ...next.splice(place, 1));
    onChange(next);
  };
  return html`<fieldset class="form steps-editor">
    <legend class="label">Steps</legend>
    ${steps.map(
      (step, i) => html`<div key=${i} class="step-edit">
        <span class="step-number muted numeric" aria-hidden="true">${i + 1}</span>
        <div class="grow step-fields">
          <textarea rows="1" dir="auto" aria-label=${`Step ${i + 1}: what to do`} placeholder="What to do" value=${step.action} onInput=${(event) => set(i, { action: event.target.value })}></textarea>
          <textarea rows="1" dir="auto" aria-label=${`Step ${i + 1}: what should be seen`} placeholder="What should be seen" value=${step.expected ?? ""} onInput=${(event) => set(i, { expected: event.target.value })}></textarea>
        </div>
        <div class="step-tools">
          <button type="button" class="button quiet small icon-only turned" aria-label=${`Step ${i + 1} up`} disabled=${i === 0} onClick=${() => move(i, -1)}><${Icon} name="down" /></button>
          <button type="button" class="button quiet small icon-only" aria-label=${`Step ${i + 1} down`} disabled=${i === steps.length - 1} onClick=${() => move(i, 1)}><${Icon} name="down" /></button>
          <button type="button" class="button quiet small icon-only" aria-label=${`Remove step ${i + 1}`} onClick=${() => onChange(steps.filter((_, j) => j !== i))}><${Icon} name="x" /></button>
        </div>
      </div>`,
    )}
    <div><button type="button" class="button small" onClick=${() => onChange([...steps, blankStep()])}><${Icon} name="plus" /> Add a step</button></div>
  </fieldset>`;
}
