// Runs before anything is painted, so that no page flashes in the wrong colours: not a module.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("atlas-theme");
  } catch {
    // Storage may be forbidden; then the system's colours hold.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
