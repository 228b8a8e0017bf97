// What the tester has said of a ticket's scenarios before.

import { useData } from "../lib/data.js";

/**
 * `of` is a function from a scenario to `{answer, feedbackId, rating, steps}`, or nothing: the newest
 * answer to it, or to the same pattern in an earlier prediction; a designed test is found again by
 * its name.
 */
export function useAnswers(ticketKey) {
  const { data, loading } = useData("/feedback?limit=500");
  const byScenario = new Map();
  const byPattern = new Map();
  const byName = new Map();
  for (const receipt of data?.items ?? []) {
    if (receipt.ticket_key !== ticketKey) continue;
    for (const item of receipt.items) {
      const answer = { answer: item.answer, feedbackId: receipt.feedback_id, rating: item.rating, steps: item.steps };
      if (item.prediction_id !== null && !byScenario.has(item.prediction_id)) byScenario.set(item.prediction_id, answer);
      if (item.pattern_id !== null && !byPattern.has(item.pattern_id)) byPattern.set(item.pattern_id, answer);
      if (item.pattern_id === null && item.scenario_name && !byName.has(item.scenario_name)) byName.set(item.scenario_name, answer);
    }
  }
  const before = (scenario) => (scenario.pattern_id === null ? byName.get(scenario.scenario_name) : byPattern.get(scenario.pattern_id));
  const of = (scenario) => byScenario.get(scenario.prediction_id) ?? before(scenario);
  return { loading, of };
}
