// Steps that were ticked off outside a session: kept by this browser, a list for each scenario.

import { useState } from "../vendor/preact-htm.js";

const KEY = "atlas-ticks";
/** Scenarios that are remembered; the oldest are forgotten. */
const MOST = 300;

function all() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

/** The steps of a scenario that are ticked, by their place, and a function that turns one over. */
export function useTicks(scenario) {
  const id = scenario.prediction_id ?? `name:${scenario.scenario_name}`;
  const [ticked, setTicked] = useState(() => new Set(all()[id] ?? []));
  const turn = (place) => {
    const next = new Set(ticked);
    if (!next.delete(place)) next.add(place);
    setTicked(next);
    const { [id]: _, ...others } = all();
    const kept = Object.entries(others).slice(1 - MOST);
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries([...kept, [id, [...next]]])));
    } catch {
      // Then they hold as long as the page is open.
    }
  };
  return [ticked, turn];
}
