"""Goal 6: a poll of the change feed that finds nothing new; what 200 rows cost stands in the remark."""

import reading

NUMBER = 6
NAME = "changes since: nothing new (200 rows: must 8, stretch 6.5), CPU x a bare Django view"
MUST, STRETCH = 2.5, 2.0
ROWS_MUST, ROWS_STRETCH = 8, 6.5


def measure() -> tuple[float, str]:
    """Return the ratio of a poll that finds nothing, or where 200 rows do worse by their goal, theirs scaled to it."""
    nothing, words = reading.beside_bare("nothing new")
    rows, of_rows = reading.beside_bare("200 rows")
    scaled = rows / ROWS_MUST * MUST if rows > ROWS_STRETCH else rows / ROWS_STRETCH * STRETCH
    return max(nothing, scaled), f"nothing {nothing:.2f}: {words}; 200 rows {rows:.2f}: {of_rows}"
