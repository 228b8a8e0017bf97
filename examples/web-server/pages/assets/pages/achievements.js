// What was earned, and how far everything else is.

import { html } from "../vendor/preact-htm.js";
import { useData } from "../lib/data.js";
import { number, plural, shortDate, words } from "../lib/format.js";
import { useQuery } from "../lib/router.js";
import { Bone, Bones, Card, Meter, PageHead, Read, Segments } from "../ui/parts.js";

const GROUPS = { milestone: "How much was done", streak: "Days in a row", mastery: "How well something is known", discovery: "For the first time" };

export default function Achievements() {
  const achievements = useData("/achievements");
  const stats = useData("/personal/quick-stats");
  const profile = useData("/user/profile");
  const [shown, setShown] = useQuery("show", "all");
  const items = achievements.data?.items;
  const earned = items?.filter((one) => one.earned_at).length;
  return html`<div class="page">
    <${PageHead} title="Achievements" lead=${items ? `${earned} of ${items.length} earned` : "Reading…"}>
      <${Segments} label="Which ones" value=${shown} onChange=${setShown} options=${[["all", "All"], ["earned", "Earned"], ["open", "Still to earn"]]} />
    <//>
    <${Level} stats=${stats.data} profile=${profile.data} />
    <${Read} from=${achievements} bones=${html`<div class="badges"><${Bones} n=${12} h=${104} gap=${14} /></div>`}>
      ${() =>
        Object.entries(GROUPS).map(([type, title]) => {
          const group = items.filter((one) => one.type === type && (shown === "all" || Boolean(one.earned_at) === (shown === "earned")));
          return (
            group.length > 0 &&
            html`<section key=${type} class="stack tight" aria-label=${title}>
              <h2>${title} <span class="muted small">${words(type)}</span></h2>
              <ul class="badges">${group.map((one) => html`<${Badge} key=${one.key} one=${one} />`)}</ul>
            </section>`
          );
        })}
    <//>
    ${items && shown === "earned" && earned === 0 && html`<p class="note">Nothing yet. The first completed session earns the first one.</p>`}
  </div>`;
}

function Level({ stats, profile }) {
  return html`<${Card} label="Level" class="level-card">
    <div class="level-badge numeric"><span class="small muted">Level</span><b>${stats?.level ?? "–"}</b></div>
    <div class="grow stack tight">
      <div class="between"><span class="strong">${stats ? `${number(stats.xp_next - stats.xp_current)} XP to level ${stats.level + 1}` : html`<${Bone} w=${140} />`}</span><span class="muted numeric small">${profile && `${number(profile.xp_total)} in all`}</span></div>
      <${Meter} share=${stats ? stats.xp_current / stats.xp_next : 0} label="Points within the level" />
      <p class="small muted">${profile ? `Streak ${plural(profile.current_streak, "day")}, the longest ${plural(profile.longest_streak, "day")}.` : html`<${Bone} w=${200} />`}</p>
    </div>
  <//>`;
}

function Badge({ one }) {
  const done = Boolean(one.earned_at);
  return html`<li class=${done ? "card badge earned-badge" : "card badge"}>
    <span class="badge-icon" aria-hidden="true">${one.icon}</span>
    <div class="grow">
      <h3>${one.name}</h3>
      <p class="small muted">${one.description}</p>
      ${done
        ? html`<p class="small good">Earned ${shortDate(one.earned_at)} · ${one.xp} XP</p>`
        : html`<div class="row badge-progress"><div class="grow"><${Meter} thin share=${one.progress / one.target} label=${`${one.progress} of ${one.target}`} /></div><span class="small muted numeric">${number(one.progress)} / ${number(one.target)}</span></div>`}
    </div>
  </li>`;
}
