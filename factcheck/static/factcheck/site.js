// Copy buttons. Everything can be read, selected and downloaded without this file.
"use strict";

for (const button of document.querySelectorAll("button[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  const said = document.getElementById("copy-status");
  button.hidden = false;
  button.addEventListener("click", async () => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      // No clipboard outside https and loopback: leave the text selected for the reader's own copy key.
      getSelection().selectAllChildren(text);
      copied = false;
    }
    const label = button.dataset.label || (button.dataset.label = button.textContent);
    button.textContent = copied ? "Copied" : "Selected";
    if (said) said.textContent = copied ? `${text.dataset.name} copied.` : `${text.dataset.name} selected.`;
    setTimeout(() => (button.textContent = label), 2000);
  });
}
