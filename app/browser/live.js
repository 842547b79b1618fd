// Keeps the parts of a page new while people look at it. The page says where the news come from: data-live on one element, and
// data-part="name" on each part. Without this script the page is loaded anew by the browser, or by a link.
const page = document.querySelector("[data-live]");
const lost = page?.querySelector("[data-lost]");
const held = new Map();

// Whoever types in a part keeps what they typed: the part is put in its place when they are done.
const isTypedIn = (part) =>
  [...part.querySelectorAll("input, textarea, select")].some((field) =>
    field.type === "checkbox" || field.type === "radio"
      ? field.checked !== field.defaultChecked
      : field.tagName === "SELECT"
        ? field === document.activeElement
        : field.value !== field.defaultValue || (field === document.activeElement && field.type !== "submit"),
  );

const supported = () => (sessionStorage.getItem("supported") ?? "").split(" ").filter(Boolean);

// A support that was given stays given, also in a part that has just come.
const mark = (root) => {
  const known = supported();
  for (const form of root.querySelectorAll("form[data-quiet]")) {
    if (!known.includes(form.getAttribute("action"))) continue;
    const button = form.querySelector("button");
    button.disabled = true;
    button.textContent = form.dataset.quiet;
  }
};

const put = (old, fresh) => {
  const open = [...old.querySelectorAll("details[open][id]")].map((details) => details.id);
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceWith(fresh);
  for (const id of open) fresh.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus();
  mark(fresh);
};

const take = (html) => {
  const news = document.createElement("template");
  news.innerHTML = html;
  for (const fresh of [...news.content.querySelectorAll("[data-part]")]) {
    const name = fresh.dataset.part;
    const old = page.querySelector(`[data-part="${CSS.escape(name)}"]`);
    if (!old) continue;
    if (isTypedIn(old)) {
      held.set(name, fresh);
      old.dataset.held = "";
    } else if (old.innerHTML !== fresh.innerHTML) {
      held.delete(name);
      put(old, fresh);
    }
  }
};

if (page) {
  mark(page);
  // The browser comes back by itself when the line breaks or the server is started again, and is then told everything anew.
  const source = new EventSource(page.dataset.live);
  source.onopen = () => lost && (lost.hidden = true);
  source.onerror = () => lost && (lost.hidden = false);
  source.onmessage = (event) => take(event.data);
  page.addEventListener("focusout", () => {
    setTimeout(() => {
      for (const [name, fresh] of held) {
        const old = page.querySelector(`[data-part="${CSS.escape(name)}"]`);
        if (!old || isTypedIn(old)) continue;
        held.delete(name);
        put(old, fresh);
      }
    }, 0);
  });
  // A form marked data-quiet is sent without leaving the page; its value is what the button says afterwards.
  page.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-quiet]");
    if (!form) return;
    event.preventDefault();
    const action = form.getAttribute("action");
    try {
      const answer = await fetch(action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
      if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(String(answer.status));
      sessionStorage.setItem("supported", [...supported(), action].join(" "));
      mark(page);
    } catch {
      // The plain way tells what is wrong.
      form.submit();
    }
  });
}
