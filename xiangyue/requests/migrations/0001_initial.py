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
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('answer_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('kind', models.CharField(choices=[('points', '积分不公平'), ('staff', '办事的人不对'), ('money', '钱和东西不清楚'), ('privacy', '说出了我家的事'), ('burden', '硬要我做什么'), ('other', '别的事')], max_length=20)),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household')),
                ('is_hidden', models.BooleanField(default=True)),
                ('way', models.CharField(choices=[('page', '网页'), ('phone', '电话'), ('paper', '纸上写的'), ('person', '当面说的')], max_length=10)),
                ('text', models.TextField()),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lodged_at', models.DateTimeField()),
                ('answer_by', models.DateField()),
                ('state', models.CharField(choices=[('open', '等答复'), ('answered', '答复了')], default='open', max_length=10)),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['answer_by'], name='complaints_to_answer'), models.Index(fields=['unit', 'lodged_at'], name='requests_co_unit_id_75d926_idx')],
                'constraints': [models.UniqueConstraint(fields=('token_hash',), name='one_complaint_of_a_token'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'open')), models.Q(('answered_at__isnull', False), ('state', 'answered')), _connector='OR'), name='a_complaint_is_answered_once')],
            },
        ),
        migrations.CreateModel(
            name='ContactLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('kind', models.CharField(choices=[('grid', '网格员'), ('village', '村委会'), ('supervision', '监督电话'), ('hotline', '热线')], max_length=20)),
                ('label', models.CharField(max_length=40)),
                ('phone', models.CharField(max_length=20)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'kind'), name='one_line_of_a_kind')],
            },
        ),
    ]
