import pytest

from sources.signs import runs


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("se\u200bats", {"U+200B": "zero width space"}),
        ("\u202e82 staes", {"U+202E": "right-to-left override"}),
        ("a\u2066b\u2069", {"U+2066": "left-to-right isolate", "U+2069": "pop directional isolate"}),
        ("2\u200d8", {"U+200D": "zero width joiner"}),
        ("a\ufeffb", {"U+FEFF": "zero width no-break space"}),
        ("a\rb", {"U+000D": "carriage return"}),
        ("a\x07b", {"U+0007": "control character"}),
        ("x\U000e0041", {"U+E0041": "tag latin capital letter a"}),
        ("می\u200cخواهم", {}),
        ("👩\u200d🚀 and क्\u200dष", {}),
        ("a\nb\tc\u00a0d\u00adé", {}),
        ("", {}),
    ],
)
def test_what_nobody_sees_is_named_and_ordinary_typesetting_is_not(text, named):
    found = runs(text)

    assert {run.code: run.name for run in found if run.name} == named
    assert "".join(run.text for run in found) == text
