// What a session was and what it earned.

import { html } from "../vendor/preact-htm.js";
import { minutes, plural } from "../lib/format.js";
import { sessionPath, ticketPath } from "../lib/router.js";
import { Outcome } from "../ui/parts.js";

export function Result({ result }) {
  const total = result.xp_parts.reduce((sum, part) => sum + part.xp, 0);
  return html`<section class="card result" aria-label="What it earned">
    <div class="result-head">
      <div>
        <p class="result-xp numeric">+${total} XP</p>
        <p class="row wrap"><a class="key" href=${ticketPath(result.ticket_key)}>${result.ticket_key}</a><${Outcome} name=${result.outcome} /><span class="muted">${minutes(result.duration_minutes)}, ${plural(result.steps_completed, "step")}</span></p>
      </div>
      ${result.level > result.level_before && html`<p class="tag accent level-up">Level ${result.level}</p>`}
    </div>
    ${result.coach && html`<blockquote class="coach">${result.coach}</blockquote>`}
    <dl class="xp-parts">${result.xp_parts.map((part, i) => html`<div key=${i} class="between"><dt>${part.label}</dt><dd class="numeric">+${part.xp}</dd></div>`)}</dl>
    ${result.achievements.length > 0 &&
    html`<ul class="earned">${result.achievements.map((one) => html`<li key=${one.key} class="note good row"><span class="badge-icon" aria-hidden="true">${one.icon}</span><span><b>${one.name}</b><br />${one.description}</span></li>`)}</ul>`}
    ${result.challenge_completed && html`<p class="note good">Today's challenge is done: ${result.challenge?.text}</p>`}
    <p class="muted">${result.first_of_day ? "Your streak grew to" : "Your streak stands at"} ${plural(result.current_streak, "day")}${result.current_streak === result.longest_streak && result.current_streak > 1 ? ", the longest so far" : ""}.</p>
    <div class="buttons"><a class="button primary" href="/my-work">What is next</a><a class="button" href=${sessionPath(result.session_id)}>The session, with its notes</a><a class="button" href="/">Dashboard</a></div>
  </section>`;
}
