"""The text fragment of a quote makes a real Chromium scroll to it, on a long page from a server of its own."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sources.text import find_quote, html_to_text, quote_context, text_fragment

LONG = " ".join(f"In year {n} the keeper wrote down {n * 3} ships and {n * 7} boats." for n in range(40, 52))
FILL = "".join(f"<p>Filler paragraph number {n} about ropes, lamps and the wind on the quay.</p>" for n in range(120))
QUOTES = {
    "plain": ("The council lost 28 of its 48 seats", "<p>The council lost 28 of its 48 seats.</p>"),
    "comma": ("Yes, the pier, the lamp, and the rope", "<p>Yes, the pier, the lamp, and the rope.</p>"),
    "dash": ("a two-year re-let of the dry-dock", "<p>It was a two-year re-let of the dry-dock.</p>"),
    "dash at the edge": ("- so it was written -", "<p>He left - so it was written - at noon.</p>"),
    "ampersand": ("Berg & Dahl = ropes & lamps?", "<p>Berg &amp; Dahl = ropes &amp; lamps?</p>"),
    "quotation marks": ("“we can’t wait” for the budget", "<p>She said “we can’t wait” for the budget.</p>"),
    "percent": ("100% of the #1 berths, 50%25 off", "<p>Now 100% of the #1 berths, 50%25 off.</p>"),
    "inside words": ("uncil of Ostmark lost the harb", "<p>The council of Ostmark lost the harbour.</p>"),
    "long": (LONG, f"<p>{LONG}</p>"),
    "short": ("28 of 48", "<p>Elsewhere 28 of 480.</p><p>It lost then 28 of 48 seats, they said.</p>"),
    "short in a block of its own": ("28 berths", "<div>28 berths</div>"),
    "several blocks": ("the first line of it\nand the second line", "<div>the first line of it</div>"
                       "<div>and the second line</div>"),
    "a row of a table": ("Spring vote\t28 of 48", "<table><tr><td>Spring vote</td><td>28 of 48</td></tr></table>"),
    "bold inside": ("lost 28 of its 48 lamps", "<p>It lost <b>28</b> of <i>its 48</i> lamps.</p>"),
    "gershayim": ("אמר מזכ״ל העירייה בישיבה", "<p>כך אמר מזכ״ל העירייה בישיבה.</p>"),
    "Arabic": ("قال المجلس إن الميناء لن يباع", "<p>قال المجلس إن الميناء لن يباع.</p>"),
    "Cyrillic": ("Порт не будет продан", "<p>Порт не будет продан.</p>"),
    "accents": ("la fête à l’île a été annulée", "<p>Enfin, la fête à l’île a été annulée.</p>"),
}  # fmt: skip

# Before the browser scrolls there is more than a screenful of filler above it.
IN_VIEW = """() => {
  const box = document.querySelector("#here").getBoundingClientRect();
  return box.top < innerHeight && box.bottom > 0;
}"""


@pytest.fixture(scope="module")
def pages():
    names = list(QUOTES)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = f"<!DOCTYPE html><meta charset=utf-8><body>{FILL}<main id=here>"
            body += f"{QUOTES[names[int(self.path.split('/')[1] or 0)]][1]}</main>{FILL}"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", QUOTES)
def test_the_fragment_scrolls_to_the_quote(browser, pages, name):
    quote, body = QUOTES[name]
    text = html_to_text(f"<body>{FILL}{body}{FILL}")
    place = find_quote(text, quote)
    context = quote_context(text, place.start, place.end)
    page = browser.new_page(viewport={"width": 1000, "height": 700})

    page.goto(f"{pages}/{list(QUOTES).index(name)}/{text_fragment(quote, *context)}")
    page.wait_for_function(IN_VIEW, timeout=10_000)
    page.close()
