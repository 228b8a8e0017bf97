// The plan of a session: its scenarios with their steps, numbered from 1 through all of them.

import { html, useState } from "../vendor/preact-htm.js";
import { inSession } from "../lib/calls.js";
import { changed, know, useData } from "../lib/data.js";
import { minutes } from "../lib/format.js";
import { Steps } from "../ticket/steps.js";
import { Icon } from "../ui/icon.js";
import { Empty } from "../ui/parts.js";
import { complain } from "../ui/toast.js";

export function Plan({ session }) {
  if (!session.plan.length) {
    return html`<div class="card"><${Empty} icon="note" title="This session has no plan">Test freely, and write down what you see.<//></div>`;
  }
  let first = 1;
  return html`<div class="stack tight plan">
    ${session.plan.map((scenario, i) => {
      const from = first;
      first += scenario.steps;
      return html`<${Planned} key=${i} place=${i + 1} scenario=${scenario} from=${from} session=${session} />`;
    })}
  </div>`;
}

function Planned({ scenario, place, from, session }) {
  const numbers = Array.from({ length: scenario.steps }, (_, i) => from + i);
  const done = numbers.filter((number) => session.steps_done.includes(number)).length;
  const all = scenario.steps > 0 && done === scenario.steps;
  const [open, setOpen] = useState(!all);
  const steps = useSteps(scenario);
  const turn = async (i) => {
    const number = from + i;
    const was = session.steps_done.includes(number);
    // Shown at once; the server's answer follows.
    know("/session/current", { ...session, steps_done: was ? session.steps_done.filter((n) => n !== number) : [...session.steps_done, number].sort((a, b) => a - b) });
    try {
      await inSession("step", { session_id: session.id, step: number, done: !was });
    } catch (error) {
      complain(error);
      changed("/session/current");
    }
  };
  return html`<section class=${`card planned${all ? " all-done" : ""}`} aria-label=${scenario.name}>
    <button type="button" class="planned-head" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class=${all ? "mark done" : "mark"}>${all ? html`<${Icon} name="check" />` : place}</span>
      <span class="grow strong" dir="auto">${scenario.name}</span>
      <span class="small muted numeric nowrap">${done} of ${scenario.steps}${scenario.estimated_minutes ? ` · ${minutes(scenario.estimated_minutes)}` : ""}</span>
      <span class=${open ? "chevron open" : "chevron"}><${Icon} name="right" /></span>
    </button>
    ${open && html`<div class="planned-body"><${Steps} steps=${steps} label=${`Steps of ${scenario.name}`} done=${(i) => session.steps_done.includes(from + i)} turn=${turn} /></div>`}
  </section>`;
}

/** The steps' words: as they were when the session began; of older sessions, as they were predicted. */
function useSteps(scenario) {
  const own = scenario.test_steps;
  const id = own ? null : scenario.prediction_id;
  const { data } = useData(id ? `/scenarios/${id}` : null, { refresh: false });
  const words = own ?? data?.steps ?? [];
  return Array.from({ length: scenario.steps }, (_, i) => words[i] ?? { action: `Step ${i + 1}` });
}
