// Runs before anything is painted or loaded, and is not a module for that reason: the colours, so
// that no page flashes in the wrong ones, and the dashboard's first reads, which then travel beside
// the modules that draw them. lib/data.js takes them from here.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("atlas-theme");
  } catch {
    // Storage may be forbidden; then the system's colours hold.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;

  const early = new Map();
  globalThis.atlasEarly = early;
  if (location.pathname !== "/") return;
  const paths = ["/personal/quick-stats", "/personal/my-work?unresolved=true&limit=6", "/personal/activity?days=371", "/coach", "/personal/recent-tickets?limit=6"];
  for (const path of paths) {
    const answer = fetch(`/api/atlas${path}`);
    // Whoever asks for it says what went wrong.
    answer.catch(() => {});
    early.set(path, answer);
  }
})();
