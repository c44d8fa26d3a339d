import django.contrib.postgres.indexes
import xiangyue.kernel.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LoggedAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor_kind', models.CharField(choices=[('user', 'user'), ('card', 'card'), ('system', 'system')], max_length=10)),
                ('actor_id', models.BigIntegerField()),
                ('acted_as', models.CharField(blank=True, max_length=30)),
                ('acted_as_id', models.BigIntegerField(null=True)),
                ('on_behalf_of', models.BigIntegerField(null=True)),
                ('act', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField()),
                ('from_state', models.CharField(blank=True, max_length=20)),
                ('to_state', models.CharField(blank=True, max_length=20)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'subject_id'], name='records_log_subject_fa216d_idx'), models.Index(fields=['actor_kind', 'actor_id', 'id'], name='log_by_actor'), models.Index(condition=models.Q(('on_behalf_of__isnull', False)), fields=['on_behalf_of', 'id'], name='log_on_behalf'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='log_by_day', pages_per_range=16)],
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=60)),
                ('payload', models.JSONField()),
                ('written_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(default=xiangyue.kernel.clock.now)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('failure', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('delivered_at', None)), fields=['id'], name='outbox_waiting')],
            },
        ),
        migrations.CreateModel(
            name='PhotoDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['owner', 'at'], name='records_pho_owner_425bb2_idx'), models.Index(fields=['at'], name='records_pho_at_975760_idx')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('received_sha256', models.CharField(blank=True, max_length=64)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.BigIntegerField()),
                ('stored_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('width', models.PositiveIntegerField(null=True)),
                ('height', models.PositiveIntegerField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['received_sha256'], name='file_as_received')],
                'constraints': [models.UniqueConstraint(fields=('sha256',), name='the_same_bytes_once')],
            },
        ),
    ]
