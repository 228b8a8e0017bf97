// What the tester says of a scenario: accept, reject, write it anew, rate.

import { html, useEffect, useState } from "../vendor/preact-htm.js";
import { giveFeedback, undoFeedback } from "../lib/calls.js";
import { Icon } from "../ui/icon.js";
import { Dialog, Segments, Stars, useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";
import { StepsEditor, cleanSteps } from "./steps.js";

const SAID = { accepted: "Accepted", rejected: "Rejected", modified: "Kept with your steps", missed: "Added by you" };

/** The answer to a scenario, `given` or null, and what changes it; `onSaid` hears of a new one. */
export function useFeedback(scenario, given, onSaid) {
  // What was said just now, until the server's list of answers has it.
  const [said, setSaid] = useState(null);
  const [busy, run] = useBusy();
  const state = said ?? given ?? null;
  useEffect(() => setSaid(null), [given?.feedbackId]);
  const undo = async (feedbackId) => {
    try {
      await undoFeedback(feedbackId);
      setSaid(null);
    } catch (error) {
      complain(error);
    }
  };
  const give = (answer, more) =>
    run(async () => {
      try {
        const receipt = await giveFeedback(scenario.prediction_id, answer, more);
        setSaid({ answer, feedbackId: receipt.feedback_id, rating: more?.rating ?? null, steps: more?.steps });
        onSaid?.(answer);
        toast(`${SAID[answer]}: ${scenario.scenario_name}`, { action: { label: "Undo", run: () => undo(receipt.feedback_id) } });
      } catch (error) {
        complain(error);
      }
    });
  return { state, busy, give };
}

export function FeedbackBar({ scenario, feedback, onModify, onRate }) {
  const { state, busy, give } = feedback;
  const pressed = (answer) => state?.answer === answer;
  const name = scenario.scenario_name;
  return html`<div class="buttons feedback" role="group" aria-label=${`Your answer to ${name}`}>
    <button type="button" class="button small" aria-pressed=${pressed("accepted")} disabled=${busy} title="I use it as it is (a)" onClick=${() => give("accepted")}>
      <${Icon} name="check" /> ${pressed("accepted") ? "Accepted" : "Accept"}
    </button>
    <button type="button" class="button small no" aria-pressed=${pressed("rejected")} disabled=${busy} title="It does not belong to this ticket (r)" onClick=${() => give("rejected")}>
      <${Icon} name="x" /> ${pressed("rejected") ? "Rejected" : "Reject"}
    </button>
    <button type="button" class="button small" aria-pressed=${pressed("modified")} disabled=${busy} title="I use it with other steps (m)" onClick=${onModify}>
      <${Icon} name="pencil" /> ${pressed("modified") ? "Modified" : "Modify"}
    </button>
    <button type="button" class="button small quiet" disabled=${busy} title="Rating, minutes, a remark" onClick=${onRate}>
      <${Icon} name="star" filled=${Boolean(state?.rating)} /> ${state?.rating ? `${state.rating} of 5` : "Rate"}
    </button>
  </div>`;
}

export function ModifyDialog({ scenario, steps: first, onSave, onClose }) {
  const [steps, setSteps] = useState(() => first.map((step) => ({ ...step })));
  const save = (event) => {
    event.preventDefault();
    onSave(cleanSteps(steps));
    onClose();
  };
  return html`<${Dialog} title=${`Your steps: ${scenario.scenario_name}`} wide onClose=${onClose}>
    <form class="form" onSubmit=${save}>
      <${StepsEditor} steps=${steps} onChange=${setSteps} />
      <p class="small muted">ATLAS shows these steps the next time that it names this scenario.</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${onClose}>Leave it</button>
        <button type="submit" class="button primary" disabled=${!cleanSteps(steps).length}>Keep these steps</button>
      </div>
    </form>
  <//>`;
}

export function RateDialog({ scenario, state, onSave, onClose }) {
  const [answer, setAnswer] = useState(state?.answer === "rejected" ? "rejected" : "accepted");
  const [rating, setRating] = useState(state?.rating ?? null);
  const [minutes, setMinutes] = useState("");
  const [comments, setComments] = useState("");
  const save = (event) => {
    event.preventDefault();
    const kept = state?.answer === "modified" && answer === "accepted" ? { answer: "modified", steps: state.steps ?? scenario.steps } : { answer };
    onSave(kept.answer, {
      ...(kept.steps && { steps: kept.steps }),
      ...(rating && { rating }),
      ...(minutes && { actual_minutes: Number(minutes) }),
      ...(comments.trim() && { comments: comments.trim() }),
    });
    onClose();
  };
  return html`<${Dialog} title=${`Rate: ${scenario.scenario_name}`} onClose=${onClose}>
    <form class="form" onSubmit=${save}>
      <${Segments} label="Did it belong to the ticket?" value=${answer} onChange=${setAnswer} options=${[["accepted", "It was right"], ["rejected", "It was wrong"]]} />
      <div class="field"><span>How good was it?</span><${Stars} label="Rating" value=${rating} onChange=${setRating} /></div>
      <label class="field"><span>Minutes that it took</span><input type="number" min="1" max="1440" inputmode="numeric" value=${minutes} onInput=${(event) => setMinutes(event.target.value)} /></label>
      <label class="field"><span>Remark</span><textarea value=${comments} onInput=${(event) => setComments(event.target.value)}></textarea></label>
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${onClose}>Leave it</button>
        <button type="submit" class="button primary">Save</button>
      </div>
    </form>
  <//>`;
}
