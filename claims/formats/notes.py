"""Signed notes and the log's checkpoints, as C2SP signed-note and tlog-checkpoint write them.

A note is text that ends with a line feed, a blank line, and one line for each signature. Keys are written as in
Go's sumdb/note: `name+hash+data` for whoever verifies, `PRIVATE+KEY+name+hash+data` for whoever signs.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from claims.merkle import SIZE

_ED25519 = b"\x01"  # the algorithm's number in signed-note
_PRIVATE = "PRIVATE+KEY+"


class NotANote(ValueError):
    """A text that is no key, no note or no checkpoint; the message says which, and never repeats the text."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key and the name it signs under."""

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def key_id(self) -> str:
        return self.key_hash.hex()

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id}+{_base64(_ED25519 + self.public)}"


@dataclass(frozen=True)
class Signer:
    """A private key and the name it signs under; neither its str nor its repr shows the key."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        """Return the signature of a note's text."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())

    def written(self) -> str:
        """Return the private key as its file keeps it."""
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id}+{_base64(_ED25519 + self.seed)}"


def new_signer(name: str) -> Signer:
    """Make a key of this name."""
    return Signer(name, Ed25519PrivateKey.generate().private_bytes_raw())


def read_verifier(text: str) -> VerifierKey:
    """Read a public key; or raise NotANote."""
    name, key_id, data = _key_parts(text)
    key = VerifierKey(name, data)
    if key.key_id != key_id:
        raise NotANote("The key's hash is not that of its name and data.")
    return key


def read_signer(text: str) -> Signer:
    """Read a private key; or raise NotANote."""
    if not text.startswith(_PRIVATE):
        raise NotANote("A private key begins with PRIVATE+KEY.")
    name, key_id, seed = _key_parts(text.removeprefix(_PRIVATE))
    signer = Signer(name, seed)
    if signer.verifier.key_id != key_id:
        raise NotANote("The private key's hash is not that of its name and data.")
    return signer


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its name, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def signed_note(text: str, signers: Iterable[Signer]) -> str:
    """Return the note: this text, which ends with a line feed, signed by each of the keys."""
    lines = "".join(f"— {signer.name} {_base64(signer.verifier.key_hash + signer.sign(text))}\n" for signer in signers)
    return f"{text}\n{lines}"


def open_note(note: str, keys: Iterable[VerifierKey]) -> tuple[str, list[VerifierKey]]:
    """Return a note's text and those of the keys that signed it, at least one; or raise NotANote.

    A signature by a key that is not among these is passed over, one of theirs that is wrong is not.
    """
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NotANote("This is no signed note.")
    text += "\n"
    known = {(key.name, key.key_hash): key for key in keys}
    found = []
    for line in signatures.splitlines():
        name, _, data = line.removeprefix("— ").partition(" ")
        signature = _bytes(data)
        if not line.startswith("— ") or len(signature) <= 4:
            raise NotANote("A signature's line is not written as one.")
        key = known.get((name, signature[:4]))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], text.encode())
        except InvalidSignature:
            raise NotANote("A signature does not fit the text.") from None
        found.append(key)
    if not found:
        raise NotANote("No key that is known signed this note.")
    return text, found


def read_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text; or raise NotANote."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not (lines[1].isascii() and lines[1].isdigit()):
        raise NotANote("This is no checkpoint.")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _bytes(lines[2]))
    if len(checkpoint.root) != SIZE or str(checkpoint.size) != lines[1]:
        raise NotANote("This is no checkpoint.")
    return checkpoint


def _key_parts(text: str) -> tuple[str, str, bytes]:
    name, _, rest = text.strip().partition("+")
    key_id, _, data = rest.partition("+")
    key = _bytes(data)
    if not name or any(character.isspace() for character in name) or key[:1] != _ED25519 or len(key) != 33:
        raise NotANote("This is no Ed25519 key as signed notes write one: name+hash+data.")
    return name, key_id, key[1:]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotANote("This is not base64.") from None
    if _base64(data) != text:
        raise NotANote("This is not base64 as it is written.")
    return data
