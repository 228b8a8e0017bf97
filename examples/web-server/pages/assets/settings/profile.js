// Name, address, and how the coach speaks.

import { html } from "../vendor/preact-htm.js";
import { put } from "../lib/api.js";
import { changed, useData } from "../lib/data.js";
import { Bones, Card, Read } from "../ui/parts.js";
import { useForm } from "./form.js";

const PERSONALITIES = [
  ["coach", "Coach", "Encouraging and to the point"],
  ["analyst", "Analyst", "Numbers first"],
  ["hype_man", "Hype man", "Everything is great"],
  ["drill_sergeant", "Drill sergeant", "Short and strict, never cruel"],
  ["silent", "Silent", "Says nothing"],
];

export function ProfilePart() {
  const profile = useData("/user/profile");
  return html`<${Card} title="You"><${Read} from=${profile} bones=${html`<${Bones} n=${7} h=${44} />`}>${(data) => html`<${Form} profile=${data} />`}<//><//>`;
}

function Form({ profile }) {
  const form = useForm("profile", profile, async (changes) => {
    await put("/user/profile", changes);
    await changed("/user/profile", "/coach");
  });
  const { values, set, put: choose } = form;
  return html`<form class="form" onSubmit=${form.submit}>
    <div class="form-row">
      <label class="field"><span>Name</span><input type="text" required maxlength="200" autocomplete="name" value=${values.username} onInput=${set("username")} /></label>
      <label class="field"><span>E-mail</span><input type="email" maxlength="200" autocomplete="email" value=${values.email ?? ""} onInput=${set("email")} /></label>
    </div>
    <fieldset class="outcomes">
      <legend class="label">How the coach speaks</legend>
      ${PERSONALITIES.map(
        ([name, title, text]) => html`<label key=${name} class="outcome">
          <input type="radio" name="personality" value=${name} checked=${values.coach_personality === name} onChange=${() => choose("coach_personality", name)} />
          <span><b>${title}</b><span class="small muted">${text}</span></span>
        </label>`,
      )}
    </fieldset>
    <div class="buttons"><button type="submit" class="button primary" disabled=${form.busy || !form.dirty}>Save</button></div>
  </form>`;
}
