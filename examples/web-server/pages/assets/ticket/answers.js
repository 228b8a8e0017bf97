// What the tester has said of a ticket's scenarios before.

import { useData } from "../lib/data.js";

/**
 * `of` is a function from a scenario to `{answer, feedbackId, rating, steps}`, or nothing: the newest
 * answer to it, or to the same pattern in an earlier prediction.
 */
export function useAnswers(ticketKey) {
  const { data, loading } = useData("/feedback?limit=500");
  const byScenario = new Map();
  const byPattern = new Map();
  for (const receipt of data?.items ?? []) {
    if (receipt.ticket_key !== ticketKey) continue;
    for (const item of receipt.items) {
      const answer = { answer: item.answer, feedbackId: receipt.feedback_id, rating: item.rating, steps: item.steps };
      if (item.prediction_id !== null && !byScenario.has(item.prediction_id)) byScenario.set(item.prediction_id, answer);
      if (item.pattern_id !== null && !byPattern.has(item.pattern_id)) byPattern.set(item.pattern_id, answer);
    }
  }
  const of = (scenario) => byScenario.get(scenario.prediction_id) ?? byPattern.get(scenario.pattern_id);
  return { loading, of };
}
