import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('records', '0001_initial'),
        ('users', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Catalogue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('name', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('draft', '草案'), ('deliberated', '征求意见'), ('adopted', '表决通过'), ('in_force', '施行中'), ('superseded', '已被新细则替代')], default='draft', max_length=12)),
                ('is_local', models.BooleanField(default=False)),
                ('scheme', models.JSONField(default=dict)),
                ('feedback_until', models.DateField(null=True)),
                ('in_force_from', models.DateField(null=True)),
                ('in_force_until', models.DateField(null=True)),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
                ('minutes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'in_force_from'], name='catalogue_c_unit_id_7e7798_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('unit',), name='one_catalogue_in_force'), models.CheckConstraint(condition=models.Q(models.Q(('in_force_from', None), ('in_force_until', None), ('state__in', ('draft', 'deliberated', 'adopted'))), models.Q(('in_force_from__isnull', False), ('in_force_until', None), ('state', 'in_force')), models.Q(('in_force_from__isnull', False), ('in_force_until__gte', models.F('in_force_from')), ('in_force_until__isnull', False), ('state', 'superseded')), _connector='OR'), name='catalogue_state_has_days'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'deliberated'), _negated=True), ('feedback_until__isnull', False), _connector='OR'), name='deliberation_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('catalogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='categories', to='catalogue.catalogue')),
                ('family', models.CharField(blank=True, max_length=60)),
                ('name', models.CharField(max_length=60)),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ('catalogue_id', 'position'),
                'constraints': [models.UniqueConstraint(fields=('catalogue', 'family', 'name'), name='category_named_once'), models.UniqueConstraint(fields=('catalogue', 'position'), name='category_has_its_place')],
            },
        ),
        migrations.CreateModel(
            name='Clearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('catalogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clearances', to='catalogue.catalogue')),
                ('number', models.CharField(blank=True, max_length=20)),
                ('code', models.CharField(max_length=60)),
                ('words', models.CharField(max_length=200)),
                ('reason', models.TextField()),
                ('cleared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cleared_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('catalogue', 'number', 'code', 'words'), name='a_question_cleared_once')],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('catalogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='catalogue.catalogue')),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household')),
                ('number', models.CharField(blank=True, max_length=20)),
                ('text', models.TextField()),
                ('said_by_kind', models.CharField(choices=[('user', 'user'), ('card', 'card'), ('system', 'system')], max_length=10)),
                ('said_by_id', models.BigIntegerField()),
                ('said_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answered_at', models.DateTimeField(null=True)),
                ('key', models.CharField(max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('catalogue', 'said_by_kind', 'said_by_id', 'key'), name='one_feedback_of_a_key'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(('answered_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='feedback_answered_or_not')],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('catalogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='catalogue.catalogue')),
                ('changes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.indicator')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='catalogue.category')),
                ('position', models.PositiveSmallIntegerField()),
                ('number', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('rule', models.JSONField()),
            ],
            options={
                'ordering': ('catalogue_id', 'position'),
                'constraints': [models.UniqueConstraint(fields=('catalogue', 'number'), name='indicator_numbered_once'), models.UniqueConstraint(fields=('catalogue', 'position'), name='indicator_has_its_place')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('catalogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='catalogue.catalogue')),
                ('quarter', models.DateField()),
                ('held_on', models.DateField()),
                ('findings', models.TextField()),
                ('minutes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('catalogue', 'quarter'), name='a_quarter_reviewed_once')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('catalogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='catalogue.catalogue')),
                ('held_on', models.DateField()),
                ('eligible', models.PositiveIntegerField()),
                ('present', models.PositiveIntegerField()),
                ('votes_for', models.PositiveIntegerField()),
                ('votes_against', models.PositiveIntegerField()),
                ('abstained', models.PositiveIntegerField()),
                ('carried', models.BooleanField()),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('present__gt', 0), ('present__lte', models.F('eligible'))), name='voters_were_there'), models.CheckConstraint(condition=models.Q(('present', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('votes_for'), '+', models.F('votes_against')), '+', models.F('abstained')))), name='votes_add_up')],
            },
        ),
    ]
