from django.db import migrations


class Migration(migrations.Migration):
    """Where limits on guessing are counted: the table of Django's DatabaseCache, as `createcachetable` makes it."""

    dependencies = [("tenancy", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE tenancy_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX tenancy_cache_expires ON tenancy_cache (expires);
            """,
            "DROP TABLE tenancy_cache",
        )
    ]
