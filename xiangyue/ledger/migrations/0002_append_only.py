"""The database itself refuses to change or remove what was posted and sealed (DOMAIN §5), and keeps the queue of the
sealer, a table without an index since every posting writes it.

Accounts and holders can't be removed either: transfers name them without a foreign key.

One function for all tables, its search path fixed, the table named by argument; on Citus each shard keeps it.
"""

from django.db import migrations

TABLES = ("ledger_batch", "ledger_transfer", "ledger_seal", "ledger_sealedbatch", "ledger_closing")
NAMED = ("ledger_holder", "ledger_account")

QUEUE = "CREATE TABLE ledger_unsealed (batch_id bigint NOT NULL)"

# A household's row is rewritten at each redemption: room in its page keeps the indexes out of that.
ROOM = "ALTER TABLE ledger_account SET (fillfactor = 50)"

FUNCTION = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % refuses %', TG_ARGV[0], TG_OP USING ERRCODE = 'restrict_violation';
END
$$
"""


def row_trigger(table: str, events: str = "UPDATE OR DELETE") -> str:
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE {events} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change('{table}')"
    )


def truncate_trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change('{table}')"
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION ledger_refuse_change()"),
        *(
            migrations.RunSQL(row_trigger(table), f"DROP TRIGGER {table}_append_only ON {table}")
            for table in TABLES
        ),
        *(
            migrations.RunSQL(truncate_trigger(table), f"DROP TRIGGER {table}_no_truncate ON {table}")
            for table in (*TABLES, *NAMED)
        ),
        *(
            migrations.RunSQL(row_trigger(table, "DELETE"), f"DROP TRIGGER {table}_append_only ON {table}")
            for table in NAMED
        ),
        migrations.RunSQL(QUEUE, "DROP TABLE ledger_unsealed"),
        migrations.RunSQL(ROOM, "ALTER TABLE ledger_account RESET (fillfactor)"),
    ]
