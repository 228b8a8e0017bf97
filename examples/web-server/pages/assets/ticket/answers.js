// What the tester has said of a ticket's scenarios: the state of each, and the history of answers.

import { html } from "../vendor/preact-htm.js";
import { get } from "../lib/api.js";
import { undoFeedback } from "../lib/calls.js";
import { useData } from "../lib/data.js";
import { ago, fullDate, minutes } from "../lib/format.js";
import { Icon } from "../ui/icon.js";
import { Card, useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";

export const SAID = { accepted: "Accepted", rejected: "Rejected", modified: "Kept with your steps", missed: "Added by you" };
/** Parts of an answer that stay until a later one mentions or clears them. */
const PARTS = ["rating", "comments", "actual_minutes"];

/**
 * `of` is a function from a scenario to `{answer, feedbackId, rating, comments, actual_minutes,
 * steps}`, or nothing: the newest answer to it, or to the same pattern in an earlier prediction; a
 * designed test is found again by its name. `receipts` are all answers, newest first.
 */
export function useAnswers(ticketKey) {
  // Not called by its address, so that whatever changes an answer reads it again.
  const { data, loading } = useData(`/feedback:${ticketKey}`, { load: () => get(`/tickets/${encodeURIComponent(ticketKey)}/feedback`) });
  const receipts = data?.items ?? [];
  const items = receipts.flatMap((receipt) => receipt.items.map((item) => ({ ...item, feedbackId: receipt.feedback_id })));
  const of = (scenario) => {
    const this_ = items.filter((item) => item.prediction_id !== null && item.prediction_id === scenario.prediction_id);
    const same = items.filter((item) => (scenario.pattern_id === null ? item.pattern_id === null && item.scenario_name === scenario.scenario_name : item.pattern_id === scenario.pattern_id));
    const newest = this_[0] ?? same[0];
    if (!newest) return undefined;
    const state = { answer: newest.answer, feedbackId: newest.feedbackId, steps: newest.steps };
    for (const part of PARTS) {
      const last = [...this_, ...same].find((item) => item[part] !== null || item.cleared?.includes(part));
      state[part] = last?.[part] ?? null;
    }
    return state;
  };
  return { loading, of, receipts };
}

/** A scenario as the tester has it: with their own steps where there are some. */
export const withAnswer = (scenario, answer) => (answer?.steps ? { ...scenario, steps: answer.steps } : scenario);

/** Takes an answer back and says so. */
export async function takeBack(feedbackId, what) {
  try {
    await undoFeedback(feedbackId);
    toast(`Taken back: ${what}`);
  } catch (error) {
    complain(error);
  }
}

/** Every answer on this ticket, each with a way back. */
export function Answers({ receipts }) {
  if (!receipts.length) return null;
  return html`<${Card} title="Your answers">
    <ul class="answers">${receipts.map((receipt) => html`<${Given} key=${receipt.feedback_id} receipt=${receipt} />`)}</ul>
  <//>`;
}

function Given({ receipt }) {
  const [busy, run] = useBusy();
  const [first, ...others] = receipt.items;
  if (!first) return null;
  const name = others.length ? `${receipt.items.length} scenarios` : first.scenario_name ?? "A scenario";
  const said = SAID[first.answer] ?? first.answer;
  return html`<li>
    <div class="grow">
      <p dir="auto">${said}: ${name}</p>
      <p class="small muted row wrap">
        <span title=${fullDate(receipt.given_at)}>${ago(receipt.given_at)}</span>
        ${first.rating && html`<span>${first.rating} of 5</span>`} ${first.actual_minutes && html`<span class="numeric">${minutes(first.actual_minutes)}</span>`}
      </p>
      ${first.comments && html`<p class="small pre" dir="auto">${first.comments}</p>`}
    </div>
    <button type="button" class="button small" disabled=${busy} aria-label=${`Take back: ${said}, ${name}`} onClick=${() => run(() => takeBack(receipt.feedback_id, `${said}, ${name}`))}><${Icon} name="undo" /> Take back</button>
  </li>`;
}
