from django.db import migrations

# By the given name alone, which is a name's end (people/search.py).
GIVEN = "CREATE INDEX resident_given ON people_resident (reverse(name) varchar_pattern_ops)"


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunSQL(GIVEN, "DROP INDEX resident_given")]
