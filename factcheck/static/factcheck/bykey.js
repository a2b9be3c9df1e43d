// Single keys of a desk page: each control that has one says so (`data-press`), and pressing the key presses it.
// Off while something is typed, while a dialog is open, and for whoever switched single keys off.
"use strict";

const OFF = "desk-keys-off";
const pageKeys = {
  isTyping: (target) => target.closest("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]"),

  areOff: () => document.querySelector("[data-single-keys=off]") !== null || localStorage.getItem(OFF) === "1",

  // Whether a keystroke is a single key of the page at all.
  isSingle: (event) =>
    !event.defaultPrevented && !event.ctrlKey && !event.altKey && !event.metaKey && !pageKeys.isTyping(event.target) &&
    !document.querySelector("dialog[open]") && !pageKeys.areOff(),

  // Ctrl+Enter, from any field, is the nearest main button: of the open fold, else of the form.
  primary: (event) => {
    const form = event.target.closest("form");
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form) return false;
    const button = (event.target.closest("details") || form).querySelector("[data-primary]") || form.querySelector("[data-primary]");
    if (!button) return false;
    event.preventDefault();
    button.click();
    return true;
  },

  control: (key, within) => {
    const name = `[data-press="${CSS.escape(key)}"]`;
    return (within && within.querySelector(name)) || document.querySelector(`${name}:not([data-candidate] *)`);
  },
};

function beginSheet() {
  const sheet = document.getElementById("keys");
  if (!sheet) return;
  document.querySelector("[data-show-keys]").addEventListener("click", () => sheet.showModal());
  const off = sheet.querySelector("[data-keys-off]");
  off.checked = pageKeys.areOff();
  off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : "0"));
}

beginSheet();
document.querySelectorAll("[data-focus]").forEach((button) => button.addEventListener("click", () => document.querySelector(button.dataset.focus)?.focus()));

// A page without keys of a kind of its own needs no more than this.
if (!document.querySelector("[data-article]")) {
  document.addEventListener("keydown", (event) => {
    if (pageKeys.primary(event)) return;
    if (event.key === "Escape" && pageKeys.isTyping(event.target)) event.target.blur();
    if (!pageKeys.isSingle(event) || event.key === "Enter") return;
    const control = pageKeys.control(event.key);
    if (!control) return;
    event.preventDefault();
    control.click();
  });
}
