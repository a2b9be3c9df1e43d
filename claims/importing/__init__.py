"""Claims from files: readers yield rows, checks make drafts of them or say what is wrong (pure: no Django).

    bytes ──▶ formats.detect ──▶ tables | objects | pages ──▶ Row ──▶ checks.check ──▶ Draft, or Problems

Readers stream: what they hold is one row and one block of the file, however long that is.
"""
