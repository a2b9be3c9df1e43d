"""What a claim's text may be: one rule for whoever types it, sends it or imports it (pure)."""

TEXT_LIMIT = 5000  # code points

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def text_fault(text: str) -> tuple[str, str] | None:
    """Return the code and the sentence of what is wrong with a claim's text, or None when nothing is."""
    if not is_storable(text):
        return "invalid_characters", (
            "The text holds a character that cannot be stored (NUL or half a surrogate pair); remove it."
        )
    if is_blank(text):
        return "blank", "Write the claim: what is said to be so, in one sentence."
    if len(text.strip()) > TEXT_LIMIT:
        return "too_long", f"At most {TEXT_LIMIT:,} characters; this is {len(text.strip()):,}."
    return None


def is_storable(text: str) -> bool:
    """Whether every database takes the text: no NUL, no half of a surrogate pair."""
    if text.isascii():
        return "\x00" not in text
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def is_blank(text: str) -> bool:
    """Whether the text shows nothing, whatever it is made of."""
    if text[:1].isalnum():
        return False
    return not "".join(c for c in text if c.isprintable() and c not in _INVISIBLE).strip()
