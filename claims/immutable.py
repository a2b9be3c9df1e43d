"""Rows the database itself refuses to change or delete: what was published, sealed and put in the ledger.

Triggers, because a constraint cannot see the row before (R22); written for both databases.
"""

TABLES = ("claims_publication", "claims_correction", "claims_seal", "claims_change")

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION claims_refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% is immutable', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql
"""


def install(connection) -> None:
    """Make the database refuse UPDATE and DELETE on these tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table in TABLES:
            for action in ("UPDATE", "DELETE"):
                name = f"{table}_no_{action.lower()}"
                if connection.vendor == "postgresql":
                    cursor.execute(
                        f"CREATE OR REPLACE TRIGGER {name} BEFORE {action} ON {table} "
                        "FOR EACH ROW EXECUTE FUNCTION claims_refuse_change()"
                    )
                else:
                    cursor.execute(
                        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {action} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
                    )


def remove(connection) -> None:
    """Take the triggers off, for a reversed migration and for tests that empty their tables."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for action in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{action}{on}")
