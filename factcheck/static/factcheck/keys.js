// The desk by keyboard: one key, one visible button. What has a key says so itself (data-do="assign"), so a key
// never does what no button on the page does; while something is typed only Ctrl+Enter and Escape are heard.
"use strict";

(() => {
  const desk = document.querySelector("[data-keys]");
  const keys = desk ? JSON.parse(desk.dataset.keys) : null; // none: switched off by whoever is signed in
  const STANCES = ["supports", "partly_supports", "refutes", "context", "failed_verification"];
  const actionOf = keys ? new Map(Object.entries(keys).map(([action, key]) => [key, action])) : new Map();

  // --- the focused row or passage -----------------------------------------------------------------------

  const items = () => Array.from(document.querySelectorAll("[data-item]"));

  function current() {
    const focused = document.activeElement && document.activeElement.closest("[data-item]");
    return focused || document.querySelector("[data-item].is-current");
  }

  function makeCurrent(item) {
    document.querySelectorAll("[data-item].is-current").forEach((other) => other.classList.remove("is-current"));
    if (item) item.classList.add("is-current");
  }

  function step(by) {
    const all = items();
    if (!all.length) return;
    const at = all.indexOf(current());
    const item = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))];
    makeCurrent(item);
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) makeCurrent(item);
  });

  // --- what a key does ------------------------------------------------------------------------------------

  const isTyping = (target) =>
    target.isContentEditable || target.closest("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=button]):not([type=submit])");

  const isShown = (element) => element.checkVisibility();

  function reveal(element) {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  function use(element) {
    if (element.matches("input:not([type=checkbox]), textarea, select")) {
      reveal(element);
      element.focus();
      if (element.select) element.select();
      element.scrollIntoView({ block: "nearest" });
    } else if (element.matches("details")) {
      element.open = !element.open || element.id === "edit";
      reveal(element);
      const field = element.querySelector("textarea, input:not([type=hidden])");
      if (element.open && field) field.focus();
      element.scrollIntoView({ block: "nearest" });
    } else element.click();
  }

  function perform(action) {
    if (action === "next" || action === "previous") return step(action === "next" ? 1 : -1) || true;
    if (STANCES.includes(action) && attachSelected(action)) return true;
    const here = current();
    const within = here && Array.from(here.querySelectorAll(`[data-do="${action}"]`)).find(isShown);
    const found = within || Array.from(document.querySelectorAll(`[data-do="${action}"]`)).find(
      (element) => !element.closest("[data-item]") && (isShown(element) || element.closest("details")),
    );
    if (found) use(found);
    return Boolean(found);
  }

  // A passage selected in the saved text and one key: attached with that stance.
  function attachSelected(stance) {
    const form = document.getElementById("attach");
    if (!form || !form.elements.quote.value.trim()) return false;
    const focused = document.activeElement && document.activeElement.closest("[data-item]");
    if (focused && getSelection().isCollapsed) return false;
    const radio = form.querySelector(`input[name=stance][value="${stance}"]`);
    if (!radio) return false;
    radio.checked = true;
    form.requestSubmit();
    return true;
  }

  function rate(digit) {
    const scale = document.querySelectorAll("[data-scale] input[type=radio]");
    const radio = scale[digit === 0 ? 9 : digit - 1];
    if (!radio) return false;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    const words = radio.form.querySelector("textarea");
    if (words) words.focus();
    return true;
  }

  function saveAndNext(target) {
    const form = target.closest("form") || (document.querySelector("[data-scale] input:checked") || {}).form;
    if (!form || form.method === "get") return false;
    const next = form.querySelector("button[name=next]");
    form.requestSubmit(next || form.querySelector("button[type=submit]"));
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (!keys || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof Element ? event.target : document.body;
    let done = false;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey) done = saveAndNext(target);
    else if (event.ctrlKey || event.altKey || event.metaKey) return;
    else if (event.key === "Escape" && isTyping(target)) {
      target.blur();
      done = true;
    } else if (isTyping(target)) return;
    else if (event.key === "Enter" && target.matches("[data-item]")) {
      const open = target.querySelector("[data-open]");
      if (open) use(open);
      done = Boolean(open);
    } else if (actionOf.has(event.key)) {
      const action = actionOf.get(event.key);
      if (!event.repeat || action === "next" || action === "previous") done = perform(action);
    } else if (/^[0-9]$/.test(event.key) && !event.repeat) done = rate(Number(event.key));
    if (done) event.preventDefault();
  });

  // --- buttons of the same name, for hand and voice ---------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (!button) return;
    const action = button.dataset.act;
    if (action === "sheet") {
      const sheet = document.getElementById("keys-sheet");
      if (sheet) sheet.showModal();
    } else perform(action);
  });

  // --- small saves without leaving the page -------------------------------------------------------------------

  // Put the sections of a fresh page in the place of these, and its versions into the forms that stay: what is being
  // typed elsewhere on the page is not touched.
  function refresh(page) {
    const focused = document.activeElement && document.activeElement.closest("[data-item]");
    const focusedId = (focused || document.querySelector("[data-item].is-current") || {}).id;
    document.querySelectorAll("[data-fresh]").forEach((section) => {
      const fresh = page.getElementById(section.id);
      if (!fresh || (section.contains(document.activeElement) && isTyping(document.activeElement))) return;
      section.replaceWith(document.importNode(fresh, true));
    });
    document.querySelectorAll("form").forEach((form) => {
      const version = form.querySelector("input[type=hidden][name=version]");
      const same = version && Array.from(page.forms).find((other) => other.getAttribute("action") === form.getAttribute("action"));
      const fresh = same && same.querySelector("input[type=hidden][name=version]");
      if (fresh) version.value = fresh.value;
    });
    const news = page.querySelector(".news");
    document.querySelectorAll(".news").forEach((old) => old.remove());
    if (news) document.querySelector(".desk:not(.news)").before(document.importNode(news, true));
    const item = focusedId && document.getElementById(focusedId);
    if (item) {
      makeCurrent(item);
      item.focus({ preventScroll: true });
    }
  }

  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (!form.matches("form[data-quick]")) return;
      event.preventDefault();
      if (form.dataset.busy) return;
      form.dataset.busy = "1";
      try {
        const saved = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) });
        const shown = form.dataset.quick === "here" && saved.ok ? await fetch(location.href) : saved;
        if (!shown.headers.get("Content-Type").startsWith("text/html")) throw new Error("no page");
        refresh(new DOMParser().parseFromString(await shown.text(), "text/html"));
      } catch {
        // Without an answer the page is sent the plain way, and the browser says what is wrong.
        form.removeAttribute("data-quick");
        delete form.dataset.sent;
        form.requestSubmit(event.submitter);
      } finally {
        delete form.dataset.busy;
        delete form.dataset.sent;
      }
    },
    true,
  );

  // --- from one claim to the next ---------------------------------------------------------------------------

  const listed = Array.from(document.querySelectorAll("[data-item][data-code]"), (row) => row.dataset.code);
  if (document.querySelector("[data-queue]")) sessionStorage.setItem("desk-queue", JSON.stringify(listed));
  const here = document.querySelector("[data-claim]");
  if (here) {
    const queue = JSON.parse(sessionStorage.getItem("desk-queue") || "[]");
    const next = queue[queue.indexOf(here.dataset.claim) + 1];
    if (queue.includes(here.dataset.claim) && next) {
      document.querySelectorAll("button[name=next]").forEach((button) => (button.value = next));
    }
    const passage = location.hash.startsWith("#evidence-") && document.getElementById(location.hash.slice(1));
    if (passage) {
      makeCurrent(passage);
      passage.focus({ preventScroll: true });
    }
  }

  // --- ticks, for a change to many ----------------------------------------------------------------------------

  const many = document.getElementById("bulk");
  if (many) {
    const kind = many.elements.kind;
    const tell = () => {
      const ticked = document.querySelectorAll("input[name=claim]:checked").length;
      many.querySelector("[data-ticked]").textContent = ticked ? `${ticked} ticked` : "None ticked";
      many.classList.toggle("is-wanted", ticked > 0);
      many.querySelectorAll("[data-for]").forEach((part) => (part.hidden = part.dataset.for !== kind.value));
    };
    document.addEventListener("change", (event) => {
      if (event.target.id === "tick-all") {
        document.querySelectorAll("input[name=claim]").forEach((box) => (box.checked = event.target.checked));
      }
      if (event.target === kind || event.target.matches("input[name=claim], #tick-all")) tell();
    });
    addEventListener("pageshow", tell);
    tell();
  }
})();
