// A form over what the server has: what was changed here stays until it is saved, whatever is
// refreshed meanwhile.

import { useDraft } from "../lib/drafts.js";
import { useBusy } from "../ui/parts.js";
import { complain, toast } from "../ui/toast.js";

/** `save` gets what was changed. Gives values, `set(name)` for inputs, and `submit`. */
export function useForm(name, stored, save) {
  const draft = useDraft(`settings:${name}`, {});
  const changes = draft.value;
  const [busy, run] = useBusy();
  const put = (name, value) => draft.set({ ...changes, [name]: value });
  const submit = (event) => {
    event?.preventDefault();
    run(async () => {
      try {
        await save(changes);
        draft.forget();
        toast("Saved.");
      } catch (error) {
        complain(error);
      }
    });
  };
  return {
    values: { ...stored, ...changes },
    put,
    set: (name) => (event) => put(name, event.target.value),
    submit,
    busy,
    dirty: Object.keys(changes).length > 0,
  };
}
