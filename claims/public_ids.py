"""Public ids: eight characters of Crockford's base32, written with a hyphen, read without it and in any case.

Crockford's alphabet leaves out I, L, O and U; reading takes I and L for 1 and O for 0
(Douglas Crockford, "Base 32", 2019).
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_READ = str.maketrans("ILO", "110", "-")


def new() -> str:
    """Return a random id of eight characters, 40 bits, without the hyphen."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def several(count: int) -> list[str]:
    """Return so many random ids at once, all different."""
    found: set[str] = set()
    while len(found) < count:
        drawn = int.from_bytes(secrets.token_bytes(5), "big")
        found.add("".join(ALPHABET[drawn >> shift & 31] for shift in range(0, 40, 5)))
    return list(found)


def written(public_id: str) -> str:
    """Return the id as people write it: 7K3M-Q9TX."""
    return f"{public_id[:4]}-{public_id[4:]}"


def read(text: str) -> str | None:
    """Return the id somebody wrote, in any case and with or without hyphens, or None if it is not one."""
    public_id = text.upper().translate(_READ)
    if len(public_id) == LENGTH and all(character in ALPHABET for character in public_id):
        return public_id
    return None
