// For the page that embeds cards: gives each iframe the height its own card says. Cards work without it, in a fixed
// height. It listens to the iframes of this script's own origin and to no other window.
"use strict";

{
  const desk = new URL(document.currentScript.src).origin;
  addEventListener("message", ({ source, data }) => {
    const height = data && data.height;
    if (!Number.isFinite(height)) return;
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow === source && frame.src.startsWith(`${desk}/embed/`)) {
        frame.height = Math.min(Math.max(height, 80), 2000);
      }
    }
  });
}
