// Settings: who one is, how it looks, the day, Jira, the data.

import { html, useEffect, useRef } from "../vendor/preact-htm.js";
import { useQuery } from "../lib/router.js";
import { PageHead } from "../ui/parts.js";
import { DataPart } from "../settings/data.js";
import { DayPart } from "../settings/day.js";
import { JiraPart } from "../settings/jira.js";
import { LooksPart } from "../settings/looks.js";
import { ProfilePart } from "../settings/profile.js";

export default function Settings() {
  const [part] = useQuery("part");
  const page = useRef();
  useEffect(() => {
    const card = part ? page.current.querySelector(`[data-part="${CSS.escape(part)}"]`) : null;
    card?.scrollIntoView({ block: "start" });
  }, [part]);
  return html`<div class="page" ref=${page}>
    <${PageHead} title="Settings" lead="All of it stays on this machine." />
    <div class="columns settings">
      <div class="stack"><${ProfilePart} /><${LooksPart} /><${DayPart} /></div>
      <div class="stack"><div data-part="jira"><${JiraPart} /></div><div data-part="data"><${DataPart} /></div></div>
    </div>
  </div>`;
}
