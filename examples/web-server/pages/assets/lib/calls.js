// The writing calls that more than one page makes, and what must be read again after each.

import { post, put, remove } from "./api.js";
import { changed, know } from "./data.js";

const CURRENT = "/session/current";

/** What to test for a stored ticket. The answer is stored, and the same until the ticket changes. */
export const predict = (ticketKey, topK) => post("/predict", { ticket_key: ticketKey, top_k: topK });

/** What to test for a text. Nothing is stored. */
export const predictText = (text, components, topK) => post("/predict", { text, components, top_k: topK });

/** Says what was done with a scenario; `more` has rating, comments, actual_minutes. */
export async function giveFeedback(predictionId, answer, more = {}) {
  // An id of this press: sent twice, it is stored once.
  const receipt = await post("/feedback", { prediction_id: predictionId, action: answer, host_id: `page:${Date.now()}:${Math.random()}`, ...more });
  changed("/challenge", "/personal/", "/achievements");
  await changed("/feedback");
  return receipt;
}

/** Says what an edge case is worth: kept, dismissed or dismissed_for_component. */
export const answerEdgeCase = (ticketKey, rule, answer) => post("/edge-cases", { ticket_key: ticketKey, rule, answer });

export const undoEdgeCase = (id) => remove(`/edge-cases/${id}`);

/** The day's challenge, chosen where none is yet. */
export const offerChallenge = (path) => post(path);

export async function undoFeedback(feedbackId) {
  await remove(`/feedback/${feedbackId}`);
  changed("/challenge", "/personal/", "/achievements");
  await changed("/feedback");
}

/** Opens a session; with `scenarios` these are its plan, in this order. */
export async function startSession(ticketKey, { predictionId, scenarios } = {}) {
  const started = await post("/session/start", { ticket_key: ticketKey, prediction_id: predictionId, scenarios });
  await changed(CURRENT, "/sessions", "/personal/my-work");
  return started;
}

/** Anything that happens in the open session; the answer is the session as it is then. */
export async function inSession(what, body = {}) {
  const session = await post(`/session/${what}`, body);
  if (session.status === "active" || session.status === "paused") know(CURRENT, { ...session, left_open: false });
  else await changed(CURRENT);
  return session;
}

export async function endSession(body) {
  const result = await post("/session/end", body);
  await changed("/");
  return result;
}

/** Sets note and difficulty of a ticket; null takes one away, absent leaves it. */
export async function setNote(ticketKey, change) {
  const note = await put(`/personal/notes/${encodeURIComponent(ticketKey)}`, change);
  changed("/personal/", `/tickets/${encodeURIComponent(ticketKey)}`, "/challenge");
  return note;
}
