// When the day starts, in which zone, and whose tickets are "my work".

import { html } from "../vendor/preact-htm.js";
import { put } from "../lib/api.js";
import { changed, useData } from "../lib/data.js";
import { Bones, Card, Read } from "../ui/parts.js";
import { useForm } from "./form.js";

const ZONES = Intl.supportedValuesOf?.("timeZone") ?? [];

export function DayPart() {
  const settings = useData("/settings");
  return html`<${Card} title="Your day"><${Read} from=${settings} bones=${html`<${Bones} n=${3} h=${60} />`}>${(data) => html`<${Form} settings=${data} />`}<//><//>`;
}

function Form({ settings }) {
  const form = useForm("day", settings, async (changes) => {
    const next = { ...settings, ...changes };
    await put("/settings", { ...next, day_start: Number(next.day_start), time_zone: next.time_zone?.trim() || null, assignee: next.assignee?.trim() || null });
    await changed("/settings", "/personal/", "/challenge");
  });
  const { values, set } = form;
  return html`<form class="form" onSubmit=${form.submit}>
    <div class="form-row">
      <label class="field"
        ><span>A day starts at</span>
        <select value=${String(values.day_start)} onChange=${set("day_start")}>
          ${Array.from({ length: 24 }, (_, hour) => html`<option key=${hour} value=${String(hour)} selected=${String(hour) === String(values.day_start)}>${String(hour).padStart(2, "0")}:00</option>`)}
        </select>
      </label>
      <label class="field"
        ><span>Time zone</span>
        <input type="text" list="zones" placeholder="as the system has it" value=${values.time_zone ?? ""} onInput=${set("time_zone")} />
        <datalist id="zones">${ZONES.map((zone) => html`<option key=${zone} value=${zone}></option>`)}</datalist>
      </label>
    </div>
    <p class="field-help">Work at two in the night belongs to the day before, if the day starts later.</p>
    <label class="field"><span>My work is what is assigned to</span><input type="text" placeholder="anyone" value=${values.assignee ?? ""} onInput=${set("assignee")} /></label>
    <div class="buttons"><button type="submit" class="button primary" disabled=${form.busy || !form.dirty}>Save</button></div>
  </form>`;
}
