// The console: a request goes only where the reader says, and only when it is sent.
(() => {
  const details = document.querySelector(".try");
  const form = details?.querySelector("form");
  if (!form) return;
  const session = {
    get: (key) => { try { return sessionStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* private browsing */ } },
  };
  const field = (name) => form.elements.namedItem(name);
  const result = details.querySelector(".result");
  const given = field("server").dataset.address;
  field("server").value = session.get("levelbook-try-server") ?? (given && new URL(given, location.href).href);

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const part = button?.closest("fieldset");
    if (button?.matches(".add")) {
      part.querySelector("template").before(part.querySelector("template").content.cloneNode(true));
      [...part.querySelectorAll(".row .try-name")].at(-1).focus();
    } else if (button?.matches(".remove")) {
      button.closest(".row").remove();
      part.querySelector(".add").focus();
    }
  });

  const pairs = (part) => [...form.querySelectorAll(`[data-part="${part}"] > .row`)]
    .map((row) => [row.querySelector(".try-name").value, row.querySelector(".try-value").value])
    .filter(([name]) => name);
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  const request = () => {
    const url = new URL(field("server").value.replace(/\/$/, "") + field("path").value);
    for (const [name, value] of pairs("query")) url.searchParams.append(name, value);
    const headers = new Headers(pairs("headers").filter(([, value]) => value));
    if (field("user")?.value) headers.set("Authorization", `Basic ${base64(`${field("user").value}:${field("password").value}`)}`);
    const made = { method: form.dataset.method, headers, credentials: "omit", redirect: "follow" };
    if (form.querySelector('[data-part="form"]')) made.body = new URLSearchParams(pairs("form"));
    else if (field("body")) {
      made.body = field("body").value;
      if (!headers.has("Content-Type")) headers.set("Content-Type", field("body").dataset.type);
    }
    return [url, made];
  };

  const shown = (text) => {
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.append(Object.assign(document.createElement("code"), { textContent: text }));
    return pre;
  };
  const readable = (text, type) => {
    if (!/json/.test(type)) return text;
    try { return JSON.stringify(JSON.parse(text), null, 4); } catch { return text; }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    result.replaceChildren(result.dataset.sent);
    let url, made;
    try {
      [url, made] = request();
    } catch (error) {
      result.replaceChildren(`${result.dataset.wrong} ${error.message}`);
      return;
    }
    try {
      session.set("levelbook-try-server", field("server").value);
      const answer = await fetch(url, made);
      const text = await answer.text();
      const line = Object.assign(document.createElement("p"), { className: "status-line", textContent: `${answer.status} ${answer.statusText}` });
      const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      result.replaceChildren(line, shown(headers), shown(readable(text, answer.headers.get("Content-Type") ?? "")));
    } catch (error) {
      result.replaceChildren(`${result.dataset.failed} ${error.message}`);
    }
  });
})();
