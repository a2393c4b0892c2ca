// Comforts only: every page can be read and used without this file.
(() => {
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private browsing */ } },
  };
  const theme = store.get("levelbook-theme");
  if (theme) document.documentElement.dataset.theme = theme;

  const button = document.querySelector(".theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    store.set("levelbook-theme", document.documentElement.dataset.theme);
  });

  const language = store.get("levelbook-language");
  for (const input of document.querySelectorAll('input[name="language"]')) {
    if (input.value === language) input.checked = true;
    input.addEventListener("change", () => store.set("levelbook-language", input.value));
  }

  for (const copy of document.querySelectorAll(".copy")) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(copy.parentElement.querySelector("code").textContent);
      copy.textContent = "Copied";
      setTimeout(() => { copy.textContent = "Copy"; }, 1500);
    });
  }

  const filter = document.querySelector(".filter");
  if (filter) {
    const select = filter.querySelector("select");
    const notes = [...document.querySelectorAll(".entries li")];
    for (const name of [...new Set(notes.map((note) => note.dataset.operation))].filter(Boolean).sort()) {
      select.add(new Option(name));
    }
    filter.hidden = false;
    select.addEventListener("change", () => {
      for (const note of notes) note.hidden = select.selectedIndex > 0 && note.dataset.operation !== select.value;
      for (const part of document.querySelectorAll(".entry, .release")) part.hidden = !part.querySelector("li:not([hidden])");
    });
  }

  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  if (location.hash) open();
})();
