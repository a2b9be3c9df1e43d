// What the desk does beyond plain forms: pages that wait watch for news, and a passage selected in a saved
// text fills the form under it. Offsets are code points, as in the database; JavaScript counts UTF-16 units.
"use strict";

const codePoints = (text) => Array.from(text).length;

// --- pages that wait ------------------------------------------------------------------------------------

function hasInput() {
  return Array.from(document.querySelectorAll(".desk textarea, .desk input:not([type=hidden])")).some(
    (field) => (field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue),
  );
}

function watch(place) {
  const started = Date.now();
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.poll, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const told = await answer.json();
        if (told.state !== place.dataset.state) return arrived(place);
        const words = place.querySelector("[data-words]");
        if (words && told.words) words.textContent = told.words;
      }
    } catch {
      // The server may be restarting; the next question finds it.
    }
    if (Date.now() - started > 60000 && !place.querySelector(".slow")) {
      const slow = document.createElement("p");
      slow.className = "small slow";
      slow.textContent = "This takes longer than usual. It is written down and will be done; nothing is lost if you leave.";
      place.append(slow);
    }
    setTimeout(ask, Date.now() - started > 30000 ? 5000 : 1200);
  };
  setTimeout(ask, 800);
}

function arrived(place) {
  const to = place.dataset.to || location.pathname + location.search;
  if (!hasInput()) {
    if (to === location.pathname + location.search) location.reload();
    else location.replace(to);
    return;
  }
  const news = document.createElement("p");
  const link = document.createElement("a");
  link.href = to;
  link.textContent = "There is news: load it";
  news.append(link);
  place.append(news);
}

document.querySelectorAll("[data-poll]").forEach(watch);

// --- selecting a passage --------------------------------------------------------------------------------

function pieceAt(reader, node) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const piece = element.closest("[data-start]");
  return piece && reader.contains(piece) ? piece : null;
}

function offsetOf(reader, node, at) {
  let piece = pieceAt(reader, node);
  if (!piece) {
    piece = node === reader ? reader.children[at] : null;
    return piece ? Number(piece.dataset.start) : endOf(reader);
  }
  const before = document.createRange();
  before.setStart(piece, 0);
  before.setEnd(node, at);
  return Number(piece.dataset.start) + codePoints(before.toString());
}

function endOf(reader) {
  const last = reader.lastElementChild;
  return last ? Number(last.dataset.start) + codePoints(last.textContent) : 0;
}

function take(reader, form) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  if (!reader.contains(range.startContainer) || !reader.contains(range.endContainer)) return;
  const words = range.toString();
  if (!words.trim()) return;
  const start = offsetOf(reader, range.startContainer, range.startOffset) + codePoints(words) - codePoints(words.trimStart());
  const end = offsetOf(reader, range.endContainer, range.endOffset) - (codePoints(words) - codePoints(words.trimEnd()));
  form.elements.start.value = start;
  form.elements.end.value = end;
  form.elements.quote.value = words.trim();
}

function sentencesOf(text, language) {
  const segmenter = new Intl.Segmenter(language || "en", { granularity: "sentence" });
  return Array.from(segmenter.segment(text), (part) => [part.index, part.index + part.segment.length]).filter(
    ([from, to]) => text.slice(from, to).trim(),
  );
}

function select(reader, from, to) {
  const range = document.createRange();
  const walker = document.createTreeWalker(reader, NodeFilter.SHOW_TEXT);
  let passed = 0;
  let begun = false;
  while (walker.nextNode()) {
    const length = walker.currentNode.length;
    if (!begun && from < passed + length) {
      range.setStart(walker.currentNode, from - passed);
      begun = true;
    }
    if (begun && to <= passed + length) {
      range.setEnd(walker.currentNode, to - passed);
      break;
    }
    passed += length;
  }
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  const box = range.getBoundingClientRect();
  const frame = reader.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) reader.scrollTop += box.top - frame.top - frame.height / 3;
}

function byKey(reader) {
  const sentences = sentencesOf(reader.textContent, reader.lang);
  let first = -1;
  let last = -1;
  return (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target !== reader || !sentences.length) return;
    event.preventDefault();
    const stay = (place) => Math.max(0, Math.min(sentences.length - 1, place));
    last = stay(last + step);
    first = event.shiftKey ? Math.min(first < 0 ? last : first, last) : last;
    select(reader, sentences[first][0], sentences[last][1]);
  };
}

document.querySelectorAll("[data-reader]").forEach((reader) => {
  const form = document.getElementById(reader.dataset.reader);
  if (!form) return;
  reader.addEventListener("keydown", byKey(reader));
  document.addEventListener("selectionchange", () => take(reader, form));
  // A highlighted passage is a link, but dragging over it is a selection and not a click.
  reader.addEventListener("click", (event) => {
    if (!getSelection().isCollapsed) event.preventDefault();
  });
  reader.addEventListener("dragstart", (event) => event.preventDefault());
  // Words typed over the selection stand for themselves: the server finds them.
  form.elements.quote.addEventListener("input", () => {
    form.elements.start.value = "";
    form.elements.end.value = "";
  });
});

// --- answering an alert ---------------------------------------------------------------------------------

// A digit chooses the answer it stands beside, wherever the page is, except while something is typed.
document.querySelectorAll("form[data-answers]").forEach((form) => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])")) return;
    const answer = form.querySelectorAll(".answer")[Number(event.key) - 1];
    if (!answer) return;
    event.preventDefault();
    answer.querySelector("input[type=radio]").checked = true;
    (answer.querySelector(".answer__more input") || form.elements.note).focus();
  });
});

// --- small things ---------------------------------------------------------------------------------------

document.querySelectorAll("[data-select]").forEach((field) => field.addEventListener("focus", () => field.select()));

// What just happened stays in sight for a while, then scrolls with the page.
document.querySelectorAll("[data-news]").forEach((news) => setTimeout(() => news.classList.add("is-read"), 8000));

// A button pressed twice sends once.
document.addEventListener("submit", (event) => {
  if (event.target.method === "get") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
