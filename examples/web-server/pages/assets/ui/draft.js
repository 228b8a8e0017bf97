// The line that says that something is not saved yet, and the question before it is thrown away.

import { html, useState } from "../vendor/preact-htm.js";

export function DraftNote({ draft, what = "What you typed" }) {
  const [asking, setAsking] = useState(false);
  if (!draft.typed) return null;
  if (!asking) {
    return html`<p class="small muted row wrap draft-note">
      <span>${what} is not saved yet. This browser keeps it.</span>
      <button type="button" class="link" onClick=${() => setAsking(true)}>Throw it away</button>
    </p>`;
  }
  return html`<p class="small warn row wrap draft-note" role="alert">
    <span>Throw it away? It cannot be brought back.</span>
    <button
      type="button"
      class="link"
      onClick=${() => {
        setAsking(false);
        draft.forget();
      }}
    >
      Yes, throw it away
    </button>
    <button type="button" class="link" onClick=${() => setAsking(false)}>No, keep it</button>
  </p>`;
}
