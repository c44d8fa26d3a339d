import datetime
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('users', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('sms', '短信'), ('wechat', '微信')], max_length=10, unique=True)),
                ('vendor', models.CharField(choices=[('console', '本机显示'), ('aliyun', '阿里云'), ('tencent', '腾讯云'), ('wechat', '微信公众号')], max_length=10)),
                ('key_id', models.CharField(blank=True, max_length=100)),
                ('secret', models.BinaryField(null=True)),
                ('app', models.CharField(blank=True, max_length=60)),
                ('sign', models.CharField(blank=True, max_length=60)),
                ('region', models.CharField(blank=True, max_length=40)),
                ('templates', models.JSONField(default=dict)),
                ('link', models.CharField(blank=True, max_length=200)),
                ('endpoint', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='MessageRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiet_from', models.TimeField(default=datetime.time(21, 0))),
                ('quiet_until', models.TimeField(default=datetime.time(7, 0))),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.CharField(max_length=40)),
                ('facts', models.JSONField(default=dict)),
                ('key', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('household__isnull', False)), fields=['household', 'id'], name='message_of_household'), models.Index(condition=models.Q(('user__isnull', False)), fields=['user', 'id'], name='message_of_user'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='message_by_day', pages_per_range=16)],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('household', None), ('user__isnull', False)), models.Q(('household__isnull', False), ('user', None)), _connector='OR'), name='a_message_is_for_one'), models.UniqueConstraint(condition=models.Q(('household__isnull', False)), fields=('key', 'household'), name='news_once_to_a_household'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('key', 'user'), name='news_once_to_a_user')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messages.message')),
                ('recipient', models.CharField(max_length=40)),
                ('channel', models.CharField(choices=[('sms', '短信'), ('wechat', '微信')], max_length=10)),
                ('state', models.CharField(choices=[('queued', '等着发'), ('sent', '发出去了'), ('failed', '没发成'), ('no_address', '没有号码')], db_default='queued', default='queued', max_length=10)),
                ('tries', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('queued_at', models.DateTimeField()),
                ('next_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, db_default='', default='', max_length=100)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['next_at', 'id'], name='delivery_waiting'), models.Index(fields=['done_at'], name='delivery_done'), models.Index(fields=['message'], name='delivery_of_message')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'queued')), fields=('recipient', 'channel'), name='one_delivery_waits'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('state', 'queued')), models.Q(models.Q(('state', 'queued'), _negated=True), ('done_at__isnull', False)), _connector='OR'), name='what_is_done_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household')),
                ('sms', models.BooleanField(default=True)),
                ('wechat', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='ShownText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('phone', models.BinaryField()),
                ('text', models.BinaryField()),
            ],
            options={
                'indexes': [models.Index(models.OrderBy(models.F('at'), descending=True), name='shown_text_at')],
            },
        ),
    ]
