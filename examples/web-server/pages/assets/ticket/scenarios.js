// The predicted scenarios: choose some, copy them, start a session with them.

import { html, useState } from "../vendor/preact-htm.js";
import { startSession } from "../lib/calls.js";
import { minutes } from "../lib/format.js";
import { useKeys } from "../lib/keys.js";
import { go } from "../lib/router.js";
import { Icon } from "../ui/icon.js";
import { Empty, Menu, useBusy } from "../ui/parts.js";
import { complain } from "../ui/toast.js";
import { withAnswer } from "./answers.js";
import { copy, toGherkin, toMarkdown } from "./copy.js";
import { ScenarioCard } from "./scenario.js";

/**
 * `ticketKey` is absent for a free text, which cannot be tested in a session. `answers` are those
 * given before, by the scenario's prediction_id.
 */
export function Scenarios({ prediction, title, ticketKey, answers, openSession, children }) {
  const { predictions, edge_cases: edgeCases } = prediction;
  // One state for all that follows: the card, the session, the copy.
  const scenarios = predictions.map((scenario) => withAnswer(scenario, answers?.(scenario)));
  const [left, setLeft] = useState(() => new Set());
  const [busy, run] = useBusy();
  const id = (scenario) => scenario.prediction_id ?? scenario.scenario_name;
  const chosen = scenarios.filter((scenario) => !left.has(id(scenario)));
  const turn = (scenario) => {
    const next = new Set(left);
    if (!next.delete(id(scenario))) next.add(id(scenario));
    setLeft(next);
  };
  const total = chosen.reduce((sum, scenario) => sum + scenario.estimated_time, 0);
  const start = () =>
    run(async () => {
      try {
        await startSession(ticketKey, { scenarios: chosen.map((scenario) => scenario.prediction_id) });
        go("/session");
      } catch (error) {
        complain(error);
      }
    });
  const markdown = () => copy(toMarkdown(title, chosen, edgeCases), "Markdown");
  const gherkin = () => copy(toGherkin(title, chosen), "Gherkin");
  useKeys("Scenarios", [
    ["j", "The next scenario", () => step(1)],
    ["k", "The one before", () => step(-1)],
    ["c", "Copy as Markdown", markdown],
    ...(ticketKey ? [["s", "Start a session with the chosen ones", start]] : []),
    ["a", "Accept the scenario that has the focus", () => {}],
    ["r", "Reject it", () => {}],
    ["m", "Write its steps anew", () => {}],
    ["x", "Choose it, or not", () => {}],
    ["o", "Open it, or close it", () => {}],
  ]);
  if (!scenarios.length) {
    return html`<div class="card"><${Empty} icon="target" title="No scenario fits">Import your own test patterns, or write one: then there is something to name.<//></div>`;
  }
  const session = openSession?.ticket_key;
  return html`<section class="stack tight" aria-label="What to test">
    <div class="scenarios-head">
      <div class="grow">
        <h2>What to test</h2>
        <p class="small muted numeric">${chosen.length} of ${scenarios.length} chosen · ${minutes(total)}</p>
      </div>
      <div class="buttons">
        ${children}
        <${Menu} label="Copy" icon="copy" items=${[["As Markdown", "note", markdown], ["As Gherkin", "list", gherkin]]} />
        ${ticketKey &&
        (session
          ? html`<a class="button" href="/session"><${Icon} name="timer" /> ${session === ticketKey ? "To the session" : `${session} is open`}</a>`
          : html`<button type="button" class="button primary" disabled=${busy || !chosen.length} onClick=${start}><${Icon} name="play" /> Start session</button>`)}
      </div>
    </div>
    ${scenarios.map(
      (scenario, i) => html`<${ScenarioCard}
        key=${id(scenario)}
        scenario=${scenario}
        place=${i + 1}
        chosen=${!left.has(id(scenario))}
        onChoose=${() => turn(scenario)}
        onReject=${() => setLeft((before) => new Set(before).add(id(scenario)))}
        given=${answers?.(scenario)}
        openFirst=${i === 0}
      />`,
    )}
  </section>`;
}

/** Moves the focus to the next scenario, or the one before. */
function step(by) {
  const cards = [...document.querySelectorAll("[data-scenario]")];
  const here = cards.indexOf(document.activeElement?.closest?.("[data-scenario]"));
  const next = cards[here < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, here + by))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}
