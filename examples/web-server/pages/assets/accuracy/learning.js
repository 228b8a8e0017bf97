// What was learned, and learning again.

import { html, useState } from "../vendor/preact-htm.js";
import { stream } from "../lib/api.js";
import { changed, useData } from "../lib/data.js";
import { ago, fullDate, words } from "../lib/format.js";
import { Icon } from "../ui/icon.js";
import { Bones, Card, Meter, Read } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";

export function Learning() {
  const models = useData("/models");
  const [progress, setProgress] = useState(null);
  const retrain = async () => {
    setProgress({ done: 0, total: null });
    try {
      const made = await stream("POST", "/retrain", { body: {}, onProgress: setProgress });
      toast(made?.version ? `Learned, version ${made.version}.` : "There is not enough to learn from yet.");
      await changed("/models");
    } catch (error) {
      complain(error);
    }
    setProgress(null);
  };
  const tools = html`<button type="button" class="button small" disabled=${Boolean(progress)} onClick=${retrain}><${Icon} name="bolt" /> Learn now</button>`;
  return html`<${Card} title="What was learned" tools=${tools}>
    ${progress && html`<${Meter} share=${progress.total ? progress.done / progress.total : 0.02} label="Learning" />`}
    <${Read} from=${models} bones=${html`<${Bones} n=${2} h=${50} />`}>
      ${(data) => {
        const list = data.items;
        if (!list.length) return html`<p class="muted">Nothing yet. ATLAS learns from what you accept, reject and complete; until then a weighted sum orders scenarios.</p>`;
        return html`<ul class="models">
          ${list.slice(0, 3).map(
            (model) => html`<li key=${model.version}>
              <p class="row wrap"><span class="strong">Version ${model.version}</span><span class=${model.state === "serving" ? "tag good" : "tag"}>${words(model.state)}</span><span class="small muted" title=${fullDate(model.trained_at)}>${ago(model.trained_at)}, from ${model.log.judged} answers</span></p>
              <p class="small muted">${model.log.decision}</p>
            </li>`,
          )}
        </ul>`;
      }}
    <//>
  <//>`;
}
