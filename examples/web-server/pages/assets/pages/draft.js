// What to test for any text: no ticket is needed, and nothing is stored.

import { html, useState } from "../vendor/preact-htm.js";
import { predictText } from "../lib/calls.js";
import { useDraft } from "../lib/drafts.js";
import { useQuery } from "../lib/router.js";
import { Blend } from "../ticket/aside.js";
import { EdgeCases } from "../ticket/edge-cases.js";
import { Scenarios } from "../ticket/scenarios.js";
import { Icon } from "../ui/icon.js";
import { Bones, Card, Empty, PageHead, Problem } from "../ui/parts.js";
import { useData } from "../lib/data.js";

export default function DraftPage() {
  const [asked, setAsked] = useQuery("text");
  const [about, setAbout] = useQuery("components");
  const draft = useDraft(useState(`ask:${asked.slice(0, 80)}`)[0], asked);
  const text = draft.value;
  const [components, setComponents] = useState(about);
  const names = about.split(",").map((name) => name.trim()).filter(Boolean);
  const prediction = useData(asked ? `/predict:text:${about}:${asked}` : null, { load: () => predictText(asked, names, 5), refresh: false });
  const ask = (event) => {
    event?.preventDefault();
    setAbout(components.trim());
    setAsked(text.trim());
    draft.forget();
  };
  return html`<div class="page">
    <${PageHead} title="Ask about a text" lead="A change in your own words, or a ticket that is not here. Nothing is stored." />
    <div class="ticket-grid">
      <div class="stack">
        <${Card} label="The text">
          <form class="form" onSubmit=${ask}>
            <label class="field"
              ><span>What was changed, or what is wrong?</span>
              <textarea
                rows="4"
                dir="auto"
                required
                placeholder="CSV export drops umlauts when the report has more than 1,000 rows"
                value=${text}
                onInput=${(event) => draft.set(event.target.value)}
                onKeyDown=${(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && ask(event)}
              ></textarea>
            </label>
            <div class="row wrap">
              <input class="grow" type="text" aria-label="Components, with commas between" placeholder="Components, if known: Reports, Export" value=${components} onInput=${(event) => setComponents(event.target.value)} />
              <button type="submit" class="button primary" disabled=${!text.trim()}><${Icon} name="target" /> What to test</button>
            </div>
          </form>
        <//>
        ${!asked && html`<div class="card"><${Empty} icon="target" title="Say what was changed">ATLAS names scenarios with steps and minutes, and edge cases to try.<//></div>`}
        ${prediction.loading && html`<${Bones} n=${5} h=${116} />`} ${prediction.error && html`<${Problem} error=${prediction.error} again=${prediction.reload} />`}
        ${prediction.data && html`<${Scenarios} key=${asked} prediction=${prediction.data} title=${asked} /><${Blend} prediction=${prediction.data} />`}
      </div>
      <div class="stack">${prediction.data && html`<${EdgeCases} edgeCases=${prediction.data.edge_cases} />`}</div>
    </div>
  </div>`;
}
