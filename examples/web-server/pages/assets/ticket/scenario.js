// One predicted scenario: what it is, why, how sure, how long, its steps, and the tester's answer.

import { html, useState } from "../vendor/preact-htm.js";
import { plural } from "../lib/format.js";
import { ticketPath } from "../lib/router.js";
import { Icon } from "../ui/icon.js";
import { Confidence, Minutes } from "./confidence.js";
import { withAnswer } from "./answers.js";
import { FeedbackBar, ModifyDialog, RateDialog, Remark, useFeedback } from "./feedback.js";
import { Steps } from "./steps.js";
import { useTicks } from "./ticks.js";

const STEPS_FROM = { starter: "from the starter catalogue", edited: "your own version", ticket: "from the ticket's own steps", designed: "designed from the ticket's own words", plugin: "from a plugin" };

/** `stored` says whether it has a row that can be answered: those of a free text have none. */
export function ScenarioCard({ scenario, place, chosen, onChoose, onReject, given, openFirst }) {
  const [open, setOpen] = useState(openFirst);
  const [dialog, setDialog] = useState(null);
  const [ticked, turn] = useTicks(scenario);
  const feedback = useFeedback(scenario, given ?? null, (answer) => answer === "rejected" && onReject?.());
  const stored = Boolean(scenario.prediction_id);
  const rejected = feedback.state?.answer === "rejected";
  const { steps } = withAnswer(scenario, feedback.state);
  const body = `scenario-${place}`;
  const onKeyDown = (event) => {
    if (event.target.closest("input, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      a: () => stored && feedback.press("accepted"),
      r: () => stored && feedback.press("rejected"),
      m: () => stored && setDialog("modify"),
      x: () => onChoose?.(),
      o: () => setOpen(!open),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return html`<article class=${`card scenario${rejected ? " rejected" : ""}`} tabindex="-1" aria-label=${scenario.scenario_name} data-scenario onKeyDown=${onKeyDown}>
    <div class="scenario-top">
      ${onChoose && html`<input type="checkbox" checked=${chosen} aria-label=${`Choose ${scenario.scenario_name} for a session`} onChange=${onChoose} />`}
      <div class="grow">
        <h3 dir="auto"><span class="muted numeric">${place}.</span> ${scenario.scenario_name}</h3>
        <div class="tags">
          ${scenario.component && html`<span class="tag">${scenario.component}</span>`} ${scenario.pattern_type && html`<span class="tag">${scenario.pattern_type}</span>`}
          ${scenario.pattern_key && html`<span class="tag">${scenario.pattern_key}</span>`}
          <span class="small"><${Minutes} scenario=${scenario} /></span>
        </div>
      </div>
      <${Confidence} scenario=${scenario} />
    </div>
    <div class="scenario-bar">
      <button type="button" class="link small row" aria-expanded=${open} aria-controls=${body} onClick=${() => setOpen(!open)}>
        <span class=${open ? "chevron open" : "chevron"}><${Icon} name="right" /></span>
        ${plural(steps.length, "step")}${ticked.size > 0 ? `, ${ticked.size} done` : ""} · ${plural(scenario.reasons.length, "reason")}
      </button>
      ${stored && html`<${FeedbackBar} scenario=${scenario} feedback=${feedback} onModify=${() => setDialog("modify")} onRate=${() => setDialog("rate")} />`}
    </div>
    <${Remark} state=${feedback.state} />
    ${open &&
    html`<div class="scenario-body" id=${body}>
      <div>
        <h4 class="label">Steps ${STEPS_FROM[scenario.steps_origin] ? html`<span class="muted">(${STEPS_FROM[scenario.steps_origin]})</span>` : ""}</h4>
        <${Steps} steps=${steps} label=${`Steps of ${scenario.scenario_name}`} done=${(i) => ticked.has(i)} turn=${turn} />
      </div>
      <div>
        <h4 class="label">Why</h4>
        <${Reasons} reasons=${scenario.reasons} />
      </div>
    </div>`}
    ${dialog === "modify" && html`<${ModifyDialog} scenario=${scenario} steps=${steps} onSave=${(own) => feedback.give("modified", { steps: own })} onClose=${() => setDialog(null)} />`}
    ${dialog === "rate" && html`<${RateDialog} scenario=${scenario} state=${feedback.state} onSave=${feedback.give} onClose=${() => setDialog(null)} />`}
  </article>`;
}

function Reasons({ reasons }) {
  if (!reasons.length) return html`<p class="small muted">No reason was given.</p>`;
  return html`<ul class="reasons">
    ${reasons.map((reason, i) => html`<li key=${i} dir="auto">${reason.ticket_key ? html`<${WithLink} text=${reason.text} ticketKey=${reason.ticket_key} />` : reason.text}</li>`)}
  </ul>`;
}

/** A line in which the ticket's key is a link. */
function WithLink({ text, ticketKey }) {
  const at = text.indexOf(ticketKey);
  if (at < 0) return html`${text}`;
  return html`${text.slice(0, at)}<a href=${ticketPath(ticketKey)}>${ticketKey}</a>${text.slice(at + ticketKey.length)}`;
}
