// While somebody writes: shows the page anew when the site was built anew, and what is wrong with the document.
(() => {
  const key = `levelbook-scroll-${location.pathname}`;
  const kept = sessionStorage.getItem(key);
  if (kept !== null) {
    sessionStorage.removeItem(key);
    addEventListener("load", () => scrollTo({ top: Number(kept), behavior: "instant" }));
  }
  let version = null;
  let box = null;
  const show = (problems) => {
    box?.remove();
    box = null;
    if (!problems.length) return;
    box = document.createElement("section");
    box.id = "levelbook-problems";
    box.setAttribute("role", "alert");
    box.style.cssText = "position:fixed;inset:auto 0 0 0;max-height:50vh;overflow:auto;z-index:99;padding:1rem 1.5rem;background:#5c1208;color:#fff;font:.9rem/1.5 ui-monospace,monospace;white-space:pre-wrap";
    for (const { where, message, hint } of problems) {
      const line = document.createElement("p");
      line.textContent = `${where}: ${message}${hint ? `\n    hint: ${hint}` : ""}`;
      box.append(line);
    }
    document.body.append(box);
  };
  new EventSource("/-/events").addEventListener("message", (event) => {
    const state = JSON.parse(event.data);
    show(state.problems);
    if (version !== null && state.version !== version && !state.problems.length) {
      sessionStorage.setItem(key, String(scrollY));
      location.reload();
    }
    version = state.version;
  });
})();
