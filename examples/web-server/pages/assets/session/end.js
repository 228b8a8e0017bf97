// How a session ends: what came of it.

import { html, useState } from "../vendor/preact-htm.js";
import { Icon } from "../ui/icon.js";
import { Dialog, useBusy } from "../ui/parts.js";

const OUTCOMES = [
  ["passed", "check", "Passed", "All was well"],
  ["failed", "warning", "Defect found", "Something is wrong: the most worth finding"],
  ["blocked", "pause", "Blocked", "It could not be tested"],
];

export function EndDialog({ session, onEnd, onClose }) {
  const [outcome, setOutcome] = useState("passed");
  const [busy, run] = useBusy();
  const steps = session.plan.reduce((sum, scenario) => sum + scenario.steps, 0);
  const missing = steps - session.steps_done.length;
  return html`<${Dialog} title=${`End the session on ${session.ticket_key}`} onClose=${onClose}>
    <form
      class="form"
      onSubmit=${(event) => {
        event.preventDefault();
        run(() => onEnd({ outcome }));
      }}
    >
      <fieldset class="outcomes">
        <legend class="label">What came of it?</legend>
        ${OUTCOMES.map(
          ([name, icon, title, text]) => html`<label key=${name} class="outcome">
            <input type="radio" name="outcome" value=${name} checked=${outcome === name} onChange=${() => setOutcome(name)} />
            <${Icon} name=${icon} />
            <span><b>${title}</b><span class="small muted">${text}</span></span>
          </label>`,
        )}
      </fieldset>
      ${missing > 0 && html`<p class="small muted">${missing} of ${steps} steps are not ticked off. They stay undone.</p>`}
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${onClose}>Go on testing</button>
        <button type="submit" class="button primary" disabled=${busy}>End the session</button>
      </div>
    </form>
  <//>`;
}
