"""Noise: what changes on a page while its document stays the same, and what never counts as that."""

import pytest

from sources.noise import SECTION, Rule, compare

STORY = "Arrivals in May\nThe harbour office counted 412 arrivals in May, nine more than the year before.\n"

SAME_DOCUMENT = [
    ("Monday, 2 March 2026", "Tuesday, 3 March 2026", Rule.DAY),
    ("Mon 2 Mar 2026", "Wed 4 Mar 2026", Rule.DAY),
    ("Montag, 2. März 2026", "Dienstag, 3. März 2026", Rule.DAY),
    ("lundi 2 mars 2026", "mardi 3 mars 2026", Rule.DAY),
    ("martes, 3 de marzo de 2026", "jueves, 5 de marzo de 2026", Rule.DAY),
    ("Last updated: 2 March 2026, 10:42", "Last updated: 3 March 2026, 08:15", Rule.DAY),
    ("Updated 2026-03-02", "Updated 2026-03-03", Rule.DAY),
    ("Stand: 02.03.2026", "Stand: 03.03.2026", Rule.DAY),
    ("10:42", "11:05", Rule.CLOCK),
    ("10:42 GMT", "11:05 GMT", Rule.CLOCK),
    ("5 minutes ago", "3 hours ago", Rule.CLOCK),
    ("Updated 5 minutes ago", "Updated an hour ago", Rule.CLOCK),
    ("vor 5 Minuten", "vor 2 Stunden", Rule.CLOCK),
    ("il y a 3 heures", "il y a 4 heures", Rule.CLOCK),
    ("1,204 views", "1,377 views", Rule.COUNTER),
    ("1.2K shares", "1.3K shares", Rule.COUNTER),
    ("12 comments · 40 likes", "15 comments · 52 likes", Rule.COUNTER),
    ("Comments (12)", "Comments (15)", Rule.COUNTER),
    ("Kommentare: 3", "Kommentare: 9", Rule.COUNTER),
    ("31 commentaires", "32 commentaires", Rule.COUNTER),
    ("214 people reading", "87 people reading", Rule.COUNTER),
    ("Related articles\nStorm closes the pier\nA new crane", "Related articles\nFerry to the islands", Rule.LINKS),
    ("Most read:\nTides explained", "Most read:\nThe old lighthouse\nWho owns the quay", Rule.LINKS),
    ("Meistgelesen\nDie neue Fähre", "Meistgelesen\nDer alte Kran", Rule.LINKS),
    ("Advertisement\nBoats for rent", "Advertisement\nNets and ropes", Rule.ADVERTISING),
    ("Sponsored\nRope", "Sponsored\nAnchors", Rule.ADVERTISING),
    ("Anzeige\nJetzt segeln lernen", "Anzeige\nSeile und Netze", Rule.ADVERTISING),
    ("© 2025 The Tidewater Post", "© 2026 The Tidewater Post", Rule.IMPRINT),
]

ANOTHER_DOCUMENT = [
    ("It counted 412 arrivals.", "It counted 413 arrivals."),
    ("412 arrivals", "413 arrivals"),
    ("412 votes", "413 votes"),
    ("412", "413"),
    ("28 of 48 seats", "23 of 48 seats"),
    ("May\t412", "May\t413"),
    ("1,204 views\t5", "1,377 views\t5"),
    ("Published 2 March 2026", "Published 3 March 2026"),
    ("The ferry leaves at 10:42.", "The ferry leaves at 11:05."),
    ("On Monday, 2 March 2026, the pier was closed.", "On Tuesday, 3 March 2026, the pier was closed."),
    ("The post had 1,204 views in a week.", "The post had 1,377 views in a week."),
    ("The pier is closed.", "The pier is not closed."),
    ("Related articles\nThe pier is closed.", "Related articles\nThe pier is open."),
    ("Read more\nArrivals: 412", "Read more\nArrivals: 413"),
    ("Advertisement\nThe office counted 412 boats", "Advertisement\nThe office counted 413 boats"),
    ("First one thing.\nThen another.", "Then another.\nFirst one thing."),
    ("", "A new paragraph stands here."),
    ("A paragraph stood here.", ""),
    ("Tonnage in thousands", "Tonnage in millions"),
]


@pytest.mark.parametrize(("before", "after", "rule"), SAME_DOCUMENT)
@pytest.mark.parametrize("above", [True, False])
def test_what_a_page_shows_beside_the_document_is_noise_by_a_named_rule(before, after, rule, above):
    if above:
        drift = compare(f"{before}\n{STORY}", f"{after}\n{STORY}")
    else:
        drift = compare(f"{STORY}{before}", f"{STORY}{after}")

    assert drift.is_noise and drift.rules == (rule,)


@pytest.mark.parametrize(("before", "after"), ANOTHER_DOCUMENT)
def test_a_change_of_the_document_is_none(before, after):
    assert not compare(STORY + before, STORY + after).is_noise
    assert not compare(f"{STORY}12 comments\n{before}", f"{STORY}15 comments\n{after}").is_noise


def test_what_changed_is_said_in_a_sentence():
    before = f"Monday, 2 March 2026\n{STORY}12 comments"
    after = f"Tuesday, 3 March 2026\n{STORY}14 comments"

    assert compare(before, after).reason == "Only the date of the day and a counter changed."
    assert compare(before, before.replace("\n", "\n\n")).reason == "Only blank lines or spaces changed."
    assert compare(before, after.replace("412", "413")).reason == ""


HOSTILE = ["1 view 1" * 14, "1" * 119, "9 " * 59, "5 likes, " * 12, "12:00 " * 19, "1,views " * 14]


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_line_is_read_in_a_bounded_number_of_steps(line):
    assert not compare(f"{line}x\n" * 200, f"{line}y\n" * 200).is_noise


@pytest.mark.parametrize(("between", "is_noise"), [(0, True), (SECTION - 1, True), (SECTION, False)])
def test_a_heading_of_links_far_above_the_first_difference_reaches_as_far_as_ever(between, is_noise):
    lead = ["The council met on the quay."] * 40
    links = [f"Link {'abcdefghijklmnop'[at]}" for at in range(between)]
    before = [*lead, "Most read", "", *links, "Tides of spring", *lead]
    after = [*lead, "Most read", "", *links, "Barges at rest", *lead]

    assert compare("\n".join(before), "\n".join(after)).is_noise is is_noise
