// Who else has this claim open, and whether somebody saved it since it was loaded: asked every few seconds.
"use strict";

(() => {
  const place = document.querySelector("[data-presence]");
  if (!place) return;
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (!token) return;

  const form = (more) => {
    const sent = new FormData();
    sent.set("csrfmiddlewaretoken", token.value);
    if (more) sent.set(more, "1");
    return sent;
  };

  function tell({ others, version }) {
    const here = place.querySelector("[data-others]");
    here.hidden = !others.length;
    here.textContent = others.length ? `${others.join(", ")} ${others.length === 1 ? "has" : "have"} it open too` : "";
    const mine = document.querySelector("form input[type=hidden][name=version]");
    const loaded = document.querySelector("[data-version]");
    const known = Number(loaded ? loaded.dataset.version : mine ? mine.value : version);
    place.querySelector("[data-newer]").hidden = version <= known;
  }

  async function beat() {
    if (!document.hidden) {
      try {
        const answer = await fetch(place.dataset.presence, { method: "POST", body: form(), headers: { Accept: "application/json" } });
        if (answer.ok) tell(await answer.json());
      } catch {
        // The server may be restarting; the next beat finds it.
      }
    }
    setTimeout(beat, Number(place.dataset.beat) * 1000);
  }
  beat();
  addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.presence, form("gone")));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
