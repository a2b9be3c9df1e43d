// Article to claims by key: one candidate is worked on at a time, and each of its buttons has a key.
"use strict";

const candidates = () => Array.from(document.querySelectorAll("form[data-candidate]"));
const chosen = () => document.querySelector("form[data-candidate].is-chosen");

// --- which candidate is worked on -------------------------------------------------------------------------

function choose(card) {
  const before = chosen();
  if (before && before !== card) {
    before.classList.remove("is-chosen");
    before.removeAttribute("aria-current");
    before.querySelectorAll("details[open]").forEach((open) => open.removeAttribute("open"));
  }
  card.classList.add("is-chosen");
  card.setAttribute("aria-current", "true");
  card.scrollIntoView({ block: "nearest" });
  showInText(card.dataset.candidate);
  showNear(card);
  history.replaceState(null, "", `?candidate=${card.dataset.candidate}`);
  said(card.querySelector(".quote").textContent);
}

// Moving by key moves no focus, so a screen reader is told which passage it is now.
function said(words) {
  const teller = document.querySelector("[data-told]") || document.body.appendChild(document.createElement("p"));
  teller.dataset.told = "";
  teller.className = "sr-told";
  teller.setAttribute("role", "status");
  teller.textContent = words;
}

function showInText(id) {
  const reader = document.querySelector(".reader");
  reader.querySelectorAll(".is-current").forEach((piece) => piece.classList.remove("is-current"));
  const pieces = reader.querySelectorAll(`[data-of="${CSS.escape(id)}"]`);
  pieces.forEach((piece) => piece.classList.add("is-current"));
  if (!pieces.length) return;
  const box = pieces[0].getBoundingClientRect();
  const frame = reader.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) reader.scrollTop += box.top - frame.top - frame.height / 3;
}

async function showNear(card) {
  const place = card.querySelector("[data-near]");
  if (place.childElementCount) return;
  const answer = await fetch(place.dataset.near, { headers: { Accept: "text/html" } });
  if (!answer.ok || place.childElementCount) return;
  // The server's own page, escaped there; nothing in it runs when it is read this way.
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...read.body.children);
}

function step(by) {
  const all = candidates();
  const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(chosen()) + by))];
  if (next) choose(next);
}

// --- keys --------------------------------------------------------------------------------------------------

function press(control) {
  if (control.tagName === "SUMMARY") {
    const details = control.parentElement;
    details.open = !details.open;
    // Where claims stand beside it, merging begins with them; else with the field.
    const near = control.dataset.press === "m" && chosen() && chosen().querySelector("[data-near-digit]");
    const first = near || details.querySelector("textarea, input:not([type=hidden]), button");
    if (details.open && first) first.focus();
    return;
  }
  control.click();
}

function digit(number) {
  const open = chosen() && chosen().querySelector("details[open]");
  if (!open) return false;
  const places = open.querySelectorAll("[data-digit]");
  const among = places.length ? places : open.querySelector("[data-press=m]") ? chosen().querySelectorAll("[data-near-digit]") : [];
  if (!among[number - 1]) return false;
  among[number - 1].click();
  return true;
}

function onKey(event) {
  if (event.defaultPrevented || pageKeys.primary(event)) return;
  if (event.key === "Escape" && (pageKeys.isTyping(event.target) || event.target.closest("details"))) {
    const details = event.target.closest("form[data-candidate] details");
    if (details) details.open = false;
    event.target.blur();
    return;
  }
  if (!pageKeys.isSingle(event)) return;
  if (event.key === "Enter") {
    if (event.target.matches(".reader")) {
      const missed = document.getElementById("missed");
      if (!missed.elements.quote.value.trim()) return;
      event.preventDefault();
      missed.requestSubmit();
    } else if (!event.target.closest("a, button, summary, input, dialog") && chosen()) {
      event.preventDefault();
      chosen().querySelector("[name=accept]").click();
    }
    return;
  }
  if (/^[1-9]$/.test(event.key)) {
    if (digit(Number(event.key))) event.preventDefault();
    return;
  }
  const control = pageKeys.control(event.key, chosen());
  if (!control) return;
  event.preventDefault();
  press(control);
}

function begin() {
  document.addEventListener("keydown", onKey);
  document.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => step(Number(button.dataset.step))));
  // A card that is chosen grows and moves: under a mouse not before its click has landed.
  candidates().forEach((card) => {
    card.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && card !== chosen() && choose(card));
    card.addEventListener("click", () => card === chosen() || choose(card));
  });
  document.querySelector(".reader").addEventListener("click", (event) => {
    const piece = event.target.closest("[data-of]");
    const card = piece && document.querySelector(`form[data-candidate="${CSS.escape(piece.dataset.of)}"]`);
    if (!card || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(card);
  });
  if (chosen()) showInText(chosen().dataset.candidate);
}

if (document.querySelector("[data-article]")) begin();
