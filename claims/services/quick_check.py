"""The quick check: which sentences of a draft are covered by published claims already."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from claims.errors import ClaimRefused
from claims.extraction import split_sentences
from claims.matching import Match, MatchClass
from claims.models import Claim

from .matching import usable_index

TEXT_LIMIT = 50_000  # characters, some 8,000 words
SENTENCES_LIMIT = 300
CLAIMS_EACH = 2


@dataclass(frozen=True)
class Covering:
    """A published claim near a sentence; `is_same` where both say one thing, else they give different figures."""

    claim: Claim
    is_same: bool
    is_sure: bool
    reason: str


@dataclass(frozen=True)
class CheckedSentence:
    text: str
    claims: list[Covering]


@dataclass(frozen=True)
class QuickCheck:
    """A draft's sentences in order; `unread` counts those beyond the limit."""

    sentences: list[CheckedSentence]
    unread: int

    @property
    def covered(self) -> int:
        return sum(1 for sentence in self.sentences if sentence.claims)


def quick_check(text: str, *, now: datetime) -> QuickCheck:
    """Find for each sentence the published claims that say the same or contradict it; nothing is stored.

    Raises ClaimRefused for an empty or overlong draft. Three short queries, however many sentences.
    """
    text = text.replace("\x00", "")
    if not text.strip():
        raise ClaimRefused("Paste the draft, or some sentences of it.", field="text")
    if len(text) > TEXT_LIMIT:
        raise ClaimRefused(f"At most {TEXT_LIMIT:,} characters at once; this is {len(text):,}.", field="text")
    found = split_sentences(text)
    read = found[:SENTENCES_LIMIT]
    index, _ = usable_index(text=text[:2000], visible_to=AnonymousUser(), now=now)
    near = [[match for match in index.find(s.text, limit=5) if _tells(match)][:CLAIMS_EACH] for s in read]
    ids = {int(match.entry.id) for matches in near for match in matches}
    claims = Claim.objects.published().select_related("public_document").in_bulk(ids)
    sentences = [
        CheckedSentence(sentence.text, [_covering(m, claims) for m in matches if int(m.entry.id) in claims])
        for sentence, matches in zip(read, near, strict=True)
    ]
    return QuickCheck(sentences, max(0, len(found) - SENTENCES_LIMIT))


def _tells(match: Match) -> bool:
    return match.match_class != MatchClass.RELATED


def _covering(match: Match, claims: dict[int, Claim]) -> Covering:
    is_same = match.match_class == MatchClass.SAME_CLAIM
    return Covering(claims[int(match.entry.id)], is_same, match.is_sure, match.reason)
