// What the tester says of a scenario: accept, reject, write it anew, rate, take back.

import { html, useRef } from "../vendor/preact-htm.js";
import { giveFeedback } from "../lib/calls.js";
import { useDraft } from "../lib/drafts.js";
import { minutes as inMinutes } from "../lib/format.js";
import { DraftNote } from "../ui/draft.js";
import { Icon } from "../ui/icon.js";
import { Dialog, Segments, Stars, useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";
import { SAID, takeBack } from "./answers.js";
import { StepsEditor, cleanSteps } from "./steps.js";

/** What changes the answer to a scenario; `state` is the answer so far, `onSaid` hears of a new one. */
export function useFeedback(scenario, state, onSaid) {
  const [busy, run] = useBusy();
  // Two presses may come before the first is drawn as busy.
  const sending = useRef(false);
  const once = (work) =>
    run(async () => {
      if (sending.current) return;
      sending.current = true;
      try {
        await work();
      } catch (error) {
        complain(error);
      } finally {
        sending.current = false;
      }
    });
  const undo = (feedbackId) => takeBack(feedbackId, scenario.scenario_name);
  /** Resolves to whether it was stored. */
  const give = async (answer, more) => {
    let done = false;
    await once(async () => {
      const receipt = await giveFeedback(scenario.prediction_id, answer, more);
      done = true;
      onSaid?.(answer);
      toast(`${SAID[answer]}: ${scenario.scenario_name}`, { action: { label: "Undo", run: () => undo(receipt.feedback_id) } });
    });
    return done;
  };
  /** The same answer again is no second answer: it takes the first back. */
  const press = (answer) => (state?.answer === answer ? back() : give(answer));
  const back = () => state && once(() => undo(state.feedbackId));
  return { state: state ?? null, busy, give, press, back };
}

export function FeedbackBar({ scenario, feedback, onModify, onRate }) {
  const { state, busy, press, back } = feedback;
  const pressed = (answer) => state?.answer === answer;
  const name = scenario.scenario_name;
  const hint = (answer, text) => (pressed(answer) ? "Press again to take it back" : text);
  return html`<div class="buttons feedback" role="group" aria-label=${`Your answer to ${name}`}>
    <button type="button" class="button small" aria-pressed=${pressed("accepted")} disabled=${busy} title=${hint("accepted", "I use it as it is (a)")} onClick=${() => press("accepted")}>
      <${Icon} name="check" /> ${pressed("accepted") ? "Accepted" : "Accept"}
    </button>
    <button type="button" class="button small no" aria-pressed=${pressed("rejected")} disabled=${busy} title=${hint("rejected", "It does not belong to this ticket (r)")} onClick=${() => press("rejected")}>
      <${Icon} name="x" /> ${pressed("rejected") ? "Rejected" : "Reject"}
    </button>
    <button type="button" class="button small" aria-pressed=${pressed("modified")} disabled=${busy} title="I use it with other steps (m)" onClick=${onModify}>
      <${Icon} name="pencil" /> ${pressed("modified") ? "Modified" : "Modify"}
    </button>
    <button type="button" class="button small quiet" disabled=${busy} title="Rating, minutes, a remark" onClick=${onRate}>
      <${Icon} name="star" filled=${Boolean(state?.rating)} /> ${state?.rating ? `${state.rating} of 5` : "Rate"}
    </button>
    ${state &&
    html`<button type="button" class="button small quiet icon-only" disabled=${busy} aria-label=${`Take back your answer to ${name}`} title="Take your last answer back" onClick=${back}>
      <${Icon} name="undo" />
    </button>`}
  </div>`;
}

/** The minutes and the remark that are stored, where there are some. */
export function Remark({ state }) {
  if (!state?.comments && !state?.actual_minutes) return null;
  return html`<p class="small muted row wrap remark">
    ${state.actual_minutes && html`<span class="numeric">It took ${inMinutes(state.actual_minutes)}</span>`}
    ${state.comments && html`<span class="pre" dir="auto">${state.comments}</span>`}
  </p>`;
}

export function ModifyDialog({ scenario, steps: first, onSave, onClose }) {
  const draft = useDraft(`steps:${scenario.prediction_id}`, first);
  const [busy, run] = useBusy();
  const save = (event) => {
    event.preventDefault();
    run(async () => {
      if (!(await onSave(cleanSteps(draft.value)))) return;
      draft.forget();
      onClose();
    });
  };
  return html`<${Dialog} title=${`Your steps: ${scenario.scenario_name}`} wide onClose=${onClose}>
    <form class="form" onSubmit=${save}>
      <${StepsEditor} steps=${draft.value} onChange=${draft.set} />
      <p class="small muted">Sessions and copies use these steps at once, and ATLAS shows them the next time that it names this scenario.</p>
      <${DraftNote} draft=${draft} />
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${onClose}>Close</button>
        <button type="submit" class="button primary" disabled=${busy || !cleanSteps(draft.value).length}>Keep these steps</button>
      </div>
    </form>
  <//>`;
}

export function RateDialog({ scenario, state, onSave, onClose }) {
  const stored = { answer: state?.answer === "rejected" ? "rejected" : "accepted", rating: state?.rating ?? null, minutes: String(state?.actual_minutes ?? ""), comments: state?.comments ?? "" };
  const draft = useDraft(`rate:${scenario.prediction_id}`, stored);
  const [busy, run] = useBusy();
  const { answer, rating, minutes, comments } = draft.value;
  const set = (name, value) => draft.set({ ...draft.value, [name]: value });
  const save = (event) => {
    event.preventDefault();
    const kept = state?.answer === "modified" && answer === "accepted" ? { answer: "modified", steps: state.steps ?? scenario.steps } : { answer };
    // What was there and was emptied here no longer holds.
    const clear = [!rating && state?.rating && "rating", !minutes && state?.actual_minutes && "actual_minutes", !comments.trim() && state?.comments && "comments"].filter(Boolean);
    const more = {
      ...(kept.steps && { steps: kept.steps }),
      ...(rating && { rating }),
      ...(minutes && { actual_minutes: Number(minutes) }),
      ...(comments.trim() && { comments: comments.trim() }),
      ...(clear.length && { clear }),
    };
    run(async () => {
      if (!(await onSave(kept.answer, more))) return;
      draft.forget();
      onClose();
    });
  };
  return html`<${Dialog} title=${`Rate: ${scenario.scenario_name}`} onClose=${onClose}>
    <form class="form" onSubmit=${save}>
      <${Segments} label="Did it belong to the ticket?" value=${answer} onChange=${(value) => set("answer", value)} options=${[["accepted", "It was right"], ["rejected", "It was wrong"]]} />
      <div class="field"><span>How good was it?</span><${Stars} label="Rating" value=${rating} onChange=${(value) => set("rating", value)} /></div>
      <label class="field"><span>Minutes that it took</span><input type="number" min="1" max="1440" inputmode="numeric" value=${minutes} onInput=${(event) => set("minutes", event.target.value)} /></label>
      <label class="field"><span>Remark</span><textarea dir="auto" value=${comments} onInput=${(event) => set("comments", event.target.value)}></textarea></label>
      <${DraftNote} draft=${draft} />
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${onClose}>Close</button>
        <button type="submit" class="button primary" disabled=${busy}>Save</button>
      </div>
    </form>
  <//>`;
}
