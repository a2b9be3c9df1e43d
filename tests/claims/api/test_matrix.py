"""The bad-input matrix, row by row: where each of its rows is held. Rows of imports and embeds stand with those."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2]
PROBLEMS, WRITING, READING, LIMITS = (
    f"claims/api/test_{name}.py" for name in ("problems", "writing", "reading", "limits")
)
ROWS = {
    "1 not JSON, cut short": (PROBLEMS, "test_a_json_error_says_where_it_is"),
    "2 duplicate names, NaN, Infinity": (PROBLEMS, "test_a_body_that_is_no_json_object_is_refused"),
    "3 nested 10,000 deep": (PROBLEMS, "test_a_body_that_is_no_json_object_is_refused"),
    "4 array or string for an object": (PROBLEMS, "test_a_body_that_is_no_json_object_is_refused"),
    "5 empty body": (PROBLEMS, "test_an_empty_body_names_each_field_that_is_missing"),
    "6 unknown or read-only field": (WRITING, "test_an_edit_sets_nothing_it_should_not"),
    "7 blank text": (PROBLEMS, "test_a_wrong_field_is_named_with_its_code"),
    "8 text too long": (PROBLEMS, "test_a_wrong_field_is_named_with_its_code"),
    "9 NUL, half a surrogate pair": (PROBLEMS, "test_a_wrong_field_is_named_with_its_code"),
    "10 markup as text": (PROBLEMS, "test_any_text_is_stored_as_it_was_sent"),
    "11 RLO, emoji, NFD, Arabic": (PROBLEMS, "test_any_text_is_stored_as_it_was_sent"),
    "12 javascript:, file:": (PROBLEMS, "test_an_address_that_may_not_be_fetched_is_refused_and_nothing_stored"),
    "13 loopback in disguise": (PROBLEMS, "test_a_disguised_address_is_refused_too"),
    "14 backslash, userinfo, port 22": (PROBLEMS, "test_a_disguised_address_is_refused_too"),
    "15 address too long": (PROBLEMS, "test_an_address_too_long_is_refused"),
    "16 name that leads inside": (
        PROBLEMS,
        "test_an_address_whose_name_leads_inside_is_taken_in_and_left_to_the_look",
    ),
    "17 same address again": (PROBLEMS, "test_an_address_written_otherwise_is_the_same_source"),
    "18 dates that are none": (PROBLEMS, "test_a_wrong_field_is_named_with_its_code"),
    "19 rating outside the scale": (WRITING, "test_a_rating_outside_the_scale_is_refused"),
    "20 ids that are none": (PROBLEMS, "test_what_is_no_id_is_not_found_anywhere"),
    "21 a claim one may not see": (READING, "test_a_claim_one_may_not_see_is_answered_as_one_that_does_not_exist"),
    "22 wrong, expired, revoked key": (PROBLEMS, "test_a_key_that_ended_is_answered_as_no_key"),
    "23 key without scope, reviewer publishes": (PROBLEMS, "test_a_key_without_the_scope_is_refused_and_logged"),
    "24 author approves": (WRITING, "test_an_author_cannot_publish"),
    "25 approval of an older revision": (
        WRITING,
        "test_a_claim_goes_from_review_to_correction_by_three_peoples_sessions",
    ),
    "26 publishing from a wrong state": (PROBLEMS, "test_publishing_from_a_wrong_state_names_the_moves_there_are"),
    "27 change of a publication": (PROBLEMS, "test_a_publication_cannot_be_changed"),
    "28 edit without If-Match": (WRITING, "test_an_edit_names_the_version_it_read"),
    "29 stale or malformed If-Match": (PROBLEMS, "test_an_edit_names_one_version_and_nothing_else"),
    "30 Idempotency-Key reused": ("claims/api/test_once.py", "test_a_key_used_with_another_body_is_refused"),
    "31 no CSRF token": (PROBLEMS, "test_a_session_without_its_csrf_token_is_refused"),
    "32 another type of body": (PROBLEMS, "test_another_type_of_body_is_refused"),
    "33 another type of answer": (PROBLEMS, "test_another_type_of_answer_is_refused"),
    "34 another method": (PROBLEMS, "test_another_method_is_refused_with_those_there_are"),
    "35 body too large": (PROBLEMS, "test_a_body_over_a_mebibyte_is_refused_unread"),
    "36 packed body": (PROBLEMS, "test_a_packed_body_is_refused"),
    "37 the 11th submission": (LIMITS, "test_the_eleventh_submission_in_a_minute_waits_for_the_windows_end"),
    "38 pages that are none": (READING, "test_a_filter_or_page_that_is_not_understood_is_refused_by_name"),
    "39 filters that are none, storms of %": (PROBLEMS, "test_a_phrase_is_looked_for_as_it_is_written"),
    "44 webhook address": ("claims/api/test_webhooks.py", "test_a_wrong_endpoint_is_refused_field_by_field"),
    "46 host that is not ours": (PROBLEMS, "test_another_host_is_refused_however_it_is_written"),
    "47 next that leads away": ("claims/test_sign_in.py", "test_signing_in_never_leads_off_the_site"),
    "48 database away": (PROBLEMS, "test_a_lost_database_answers_503"),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_row_has_its_test(row):
    file, name = ROWS[row]
    assert re.search(rf"(?m)^def {name}", (TESTS / file).read_text()), row


def test_no_row_is_forgotten():
    assert {int(row.split()[0]) for row in ROWS} == set(range(1, 49)) - {40, 41, 42, 43, 45}
