// Comforts only: every page can be read and used without this file.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const root = new URL("..", document.currentScript.src);
  const html = document.documentElement;
  const store = {
    get: (key) => { try { return localStorage.getItem(`levelbook-${key}`); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(`levelbook-${key}`, value); } catch { /* private browsing */ } },
  };

  // Dark or light
  if (store.get("theme")) html.dataset.theme = store.get("theme");
  document.querySelector(".theme")?.addEventListener("click", () => {
    const dark = html.dataset.theme ? html.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    html.dataset.theme = dark ? "light" : "dark";
    store.set("theme", html.dataset.theme);
  });

  // The language of samples
  for (const input of all(".tabs input")) {
    if (input.value === store.get("language")) input.checked = true;
    input.addEventListener("change", () => store.set("language", input.value));
  }

  // Copying
  const copied = async (button, text) => {
    button.dataset.label ??= button.textContent;
    await navigator.clipboard.writeText(text);
    button.textContent = "✓";
    setTimeout(() => { button.textContent = button.dataset.label; }, 1500);
  };
  for (const copy of all(".copy")) {
    copy.addEventListener("click", () => copied(copy, copy.parentElement.querySelector("code").textContent));
  }
  for (const copy of all(".copy-page")) {
    copy.addEventListener("click", async () => {
      const source = document.querySelector('link[type="text/markdown"]').href;
      const here = () => {  // folders may not fetch
        html.classList.add("whole");
        return document.querySelector("main").innerText;
      };
      const text = location.protocol === "file:" ? here() : await fetch(source).then((answer) => answer.text()).catch(here);
      copied(copy, text);
    });
  }

  // The server that the URL and the samples are shown for
  const server = document.querySelector("select.server");
  if (server) {
    let {base, path} = server.selectedOptions[0].dataset;
    const put = (within, was, now) => {
      const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(was, now);
    };
    const choose = () => {
      const next = server.selectedOptions[0].dataset.base;
      document.querySelector(".request code").textContent = server.value;
      for (const code of all(".samples code")) if (base) put(code, base + path, next + path);
      base = next;
    };
    const known = [...server.options].findIndex((option) => option.dataset.base === store.get("server"));
    if (known > 0) { server.selectedIndex = known; choose(); }
    server.addEventListener("change", () => { choose(); store.set("server", base); });
  }

  // As of a level
  const parts = (level) => String(level).split(/[.-]/).map(Number);
  const older = (one, other) => {
    const [a, b] = [parts(one), parts(other)];
    for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
      if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) < (b[i] ?? 0);
    }
    return false;
  };
  const chooser = document.querySelector(".as-of");
  if (chooser) {
    const [select, number, hide] = [chooser.querySelector("select"), ...all("input", chooser)];
    const show = (level) => {
      chooser.classList.toggle("on", Boolean(level));
      html.classList.toggle("hide-later", Boolean(level) && hide.checked);
      const isLater = (since) => Boolean(level) && older(level, since);
      for (const one of all("[data-since]")) {
        one.classList.toggle("later", isLater(one.dataset.since));
        const name = one.querySelector(":scope > .name");
        if (name) name.dataset.later = isLater(one.dataset.since) ? chooser.dataset.later : "";
      }
      for (const one of all("[data-level]")) one.classList.toggle("later", isLater(one.dataset.level));
      for (const one of all("[data-until]")) one.classList.toggle("past", Boolean(level) && older(level, one.dataset.until));
      for (const one of all("[data-needs]")) one.querySelector(".newer").hidden = !isLater(one.dataset.needs);
    };
    const choose = (level) => {
      store.set("level", level);
      const url = new URL(location.href);
      if (level) url.searchParams.set("level", level); else url.searchParams.delete("level");
      try { history.replaceState(null, "", url); } catch { /* a page opened from a folder */ }
      show(level);
    };
    const asked = new URLSearchParams(location.search).get("level") ?? store.get("level") ?? "";
    const release = [...select.options].find((option) => option.text === asked);
    const level = release?.value ?? (/^\d[\d.-]*$/.test(asked) ? asked : "");
    select.value = level;
    if (select.selectedIndex < 0) number.value = level;
    hide.checked = store.get("hide") === "yes";
    select.addEventListener("change", () => { number.value = ""; choose(select.value); });
    number.addEventListener("input", () => { select.selectedIndex = number.value.trim() ? -1 : 0; choose(/^\d[\d.-]*$/.test(number.value.trim()) ? number.value.trim() : ""); });
    hide.addEventListener("change", () => { store.set("hide", hide.checked ? "yes" : ""); show(select.value || number.value.trim()); });
    if (level) choose(level);
  }

  // The changelog of one operation
  const filter = document.querySelector(".filter select");
  if (filter) {
    const notes = all(".entries li");
    for (const name of [...new Set(notes.map((note) => note.dataset.operation))].filter(Boolean).sort()) filter.add(new Option(name));
    filter.addEventListener("change", () => {
      for (const note of notes) note.hidden = filter.selectedIndex > 0 && note.dataset.operation !== filter.value;
      for (const part of all(".entry, .release")) part.hidden = !part.querySelector("li:not([hidden])");
    });
  }

  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target?.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();

  // Search is loaded at the first key
  const search = () => {
    if (window.levelbook?.open) { window.levelbook.open(); return; }
    if (window.levelbook) return;
    const book = window.levelbook = { root, opening: true, typed: "" };
    addEventListener("keydown", (event) => {
      if (book.opening && event.key.length === 1 && !event.ctrlKey && !event.metaKey) book.typed += event.key;
    });
    for (const name of ["find.js", "search.js"]) {
      const script = document.createElement("script");
      script.src = new URL(`assets/${name}`, root);
      script.async = false;
      document.head.append(script);
    }
  };
  document.querySelector(".find")?.addEventListener("click", search);
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "radio" && event.target.type !== "checkbox";
    if ((event.key === "/" && !typing) || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      search();
    }
  });
})();
