// The tester's own note on a ticket, and how hard it is to test. What is typed stays until it is
// saved, whatever is refreshed or left meanwhile.

import { html } from "../vendor/preact-htm.js";
import { setNote } from "../lib/calls.js";
import { useDraft } from "../lib/drafts.js";
import { DraftNote } from "../ui/draft.js";
import { Stars, useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";

export function NoteForm({ ticketKey, note, difficulty, onDone }) {
  const draft = useDraft(`note:${ticketKey}`, note ?? "");
  const { value: text, typed } = draft;
  const [busy, run] = useBusy();
  const save = (event) => {
    event?.preventDefault();
    run(async () => {
      try {
        await setNote(ticketKey, { note: text.trim() || null });
        draft.forget();
        toast("Note saved.");
        onDone?.();
      } catch (error) {
        complain(error);
      }
    });
  };
  const rate = (value) => run(() => setNote(ticketKey, { difficulty: value }).catch(complain));
  return html`<form class="form note-form" onSubmit=${save}>
    <textarea
        rows="3"
        aria-label=${`Your note on ${ticketKey}`}
        placeholder="What to think of when testing this"
        value=${text}
        dir="auto"
        onInput=${(event) => draft.set(event.target.value)}
        onKeyDown=${(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && save(event)}
      ></textarea>
    <div class="row wrap between">
      <div class="row"><span class="label">How hard</span><${Stars} label="How hard to test" value=${difficulty} onChange=${rate} /></div>
      <button type="submit" class="button small" disabled=${busy || !typed}>Save note</button>
    </div>
    <${DraftNote} draft=${draft} />
  </form>`;
}
