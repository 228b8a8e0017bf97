// Colours and keyboard: of this browser.

import { html, useEffect, useReducer } from "../vendor/preact-htm.js";
import { put } from "../lib/api.js";
import { shortcutsAreOn, switchShortcuts } from "../lib/keys.js";
import { chooseTheme, chosenTheme, onTheme } from "../lib/theme.js";
import { Icon } from "../ui/icon.js";
import { Card, Segments } from "../ui/parts.js";

export function LooksPart() {
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => onTheme(redraw), []);
  const choose = (theme) => {
    chooseTheme(theme);
    // Other faces of ATLAS read it from the profile; here it is this browser's that counts.
    put("/user/profile", { theme }).catch(() => {});
  };
  return html`<${Card} title="Looks and keys">
    <div class="form">
      <div class="field">
        <span>Colours</span>
        <div>
          <${Segments}
            label="Colours"
            value=${chosenTheme()}
            onChange=${choose}
            options=${[["system", html`<${Icon} name="screen" />System`], ["light", html`<${Icon} name="sun" />Light`], ["dark", html`<${Icon} name="moon" />Dark`]]}
          />
        </div>
      </div>
      <label class="choice">
        <input
          type="checkbox"
          checked=${shortcutsAreOn()}
          onChange=${(event) => {
            switchShortcuts(event.target.checked);
            redraw();
          }}
        />
        Keyboard shortcuts, such as <kbd>g</kbd> <kbd>w</kbd> for your work
      </label>
    </div>
  <//>`;
}
