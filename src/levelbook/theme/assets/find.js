// The search dialog. `search.js`, loaded after it, calls `levelbook.index` with what there is to find.
(() => {
  const book = window.levelbook;
  const make = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  let labels = {};
  let pages = [];
  let names = [];
  let pieces = null;
  const loaded = new Set();

  const kinds = [["operation", 6], ["parameter", 6], ["field", 6], ["error", 4], ["page", 6]];
  const kindOf = (id) => (/(^|-)parameter-/.test(id) ? "parameter" : /(^|-)error-/.test(id) ? "error" : "field");
  const nameOf = (id) => id.replace(/^(?:callback-.*?-)?(?:parameter|response|error|schema|body|header)(?:-(?:\d{3}|[1-5]XX|default))?-/, "");

  const take = (number, text) => {
    for (const row of text.split("\n")) {
      if (!row) continue;
      const [id, title, own] = row.split("\t");
      const name = own || title || nameOf(id);
      names.push({ name, low: name.toLowerCase(), kind: title ? "page" : kindOf(id), page: number, id });
    }
  };
  book.index = (said, listed, ids) => {
    labels = said;
    pages = listed.map(([file, title, key]) => ({ file, title, key, low: title.toLowerCase(), all: `${title} ${key} ${file}`.toLowerCase() }));
    if (listed.length === ids.length) ids.forEach((text, number) => take(number, text));
    else pieces = ids;
    if (book.opening) { build(); book.open(); }
  };
  book.piece = (letter, rows) => {
    for (const [number, text] of rows) take(number, text);
    list();
  };

  // How well a word fits a name
  const fits = (low, query) => {
    if (low === query) return 100;
    const last = low.slice(Math.max(low.lastIndexOf("."), low.lastIndexOf("]")) + 1);
    if (last === query) return 90 - Math.min(30, low.length - last.length);
    if (last.startsWith(query)) return 50 - Math.min(20, last.length - query.length);
    const at = low.indexOf(query);
    if (at < 0) return 0;
    return /[\s._-]/.test(low[at - 1] ?? " ") ? 25 : 10;
  };
  const score = (page, query, words) => {
    if (page.low === query) return 200;
    if (page.key.toLowerCase() === query || page.file.toLowerCase() === query) return 150;
    if (page.low.startsWith(query)) return 120 - Math.min(50, page.low.length - query.length);
    return words.every((word) => page.all.includes(word)) ? 60 - Math.min(40, page.low.length / 4) : 0;
  };
  const find = (text) => {
    const query = text.trim().toLowerCase();
    const words = query.split(/\s+/);
    const found = pages.map((page) => ({ kind: page.key ? "operation" : "page", value: score(page, query, words), name: page.title, page }));
    for (const one of names) {
      const value = fits(one.low, query);
      if (value) found.push({ kind: one.kind, value, name: one.name, page: pages[one.page], id: one.id });
    }
    const groups = kinds.map(([kind, most]) => [kind, found.filter((one) => one.kind === kind && one.value > 0).sort((a, b) => b.value - a.value).slice(0, most)]);
    return groups.filter(([, group]) => group.length).sort((a, b) => b[1][0].value - a[1][0].value);
  };

  let dialog;
  let input;
  let results;
  const move = (by) => {
    const links = [...results.querySelectorAll("a")];
    const here = links.findIndex((link) => link.classList.contains("here"));
    links[here]?.classList.remove("here");
    const next = links[(here + by + links.length) % links.length];
    next?.classList.add("here");
    next?.scrollIntoView({ block: "nearest" });
    if (next) input.setAttribute("aria-activedescendant", next.id);
  };
  const list = () => {
    const query = input.value.trim();
    const first = /[\p{L}\p{N}]/u.exec(query.toLowerCase().split(/[.\]]/).pop())?.[0];
    const letter = /[a-z0-9]/.test(first ?? "") ? first : "0";
    if (pieces && first && pieces.includes(letter) && !loaded.has(letter)) {
      loaded.add(letter);
      document.head.append(make("script", { src: new URL(`assets/search-${letter}.js`, book.root) }));
    }
    results.replaceChildren();
    if (!query) return;
    let number = 0;
    for (const [kind, group] of find(query)) {
      const rows = group.map((one) => {
        const href = new URL(`${one.page.file}.html${one.id ? `#${encodeURIComponent(one.id)}` : ""}`, book.root);
        const link = make("a", { href, id: `found-${number += 1}` }, one.name, make("span", { textContent: one.id ? one.page.title : one.page.key }));
        return make("li", {}, link);
      });
      results.append(make("h2", { textContent: labels[`search_${kind}`] }), make("ul", {}, ...rows));
    }
    if (!number) results.append(make("p", { textContent: labels.search_none }));
    else move(1);
  };
  const build = () => {
    input = make("input", { type: "search", autocomplete: "off", spellcheck: false, placeholder: labels.search_hint });
    input.setAttribute("aria-label", labels.search_hint);
    const close = make("button", { type: "button", textContent: labels.close });
    results = make("div", { className: "results" });
    results.setAttribute("aria-live", "polite");
    dialog = make("dialog", { className: "search" }, make("form", {}, input, close), results);
    dialog.setAttribute("aria-label", labels.search);
    document.body.append(dialog);
    input.addEventListener("input", list);
    close.addEventListener("click", () => dialog.close());
    results.addEventListener("click", (event) => { if (event.target.closest("a")) dialog.close(); });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      results.querySelector(".here")?.click();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") dialog.close();
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    });
  };
  book.open = () => {
    if (!dialog.open) dialog.showModal();
    input.select();
    if (book.opening && book.typed) {
      input.value = book.typed;
      list();
    }
    book.opening = false;
  };
})();
