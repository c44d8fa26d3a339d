import django.db.models.deletion
import django.db.models.expressions
import xiangyue.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('input_hash', models.CharField(max_length=64)),
                ('cause', models.CharField(choices=[('settlement', '公示入账'), ('order', '兑换'), ('opening', '期初'), ('expiry', '到期'), ('clearing', '清零'), ('reversal', '冲正'), ('split', '分户'), ('merge', '并户'), ('closing', '销户'), ('grant', '基础分'), ('service', '志愿服务'), ('funding', '资金')], max_length=20)),
                ('cause_id', models.BigIntegerField()),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('actor_kind', models.CharField(choices=[('user', 'user'), ('card', 'card'), ('system', 'system')], max_length=10)),
                ('actor_id', models.BigIntegerField()),
                ('day', models.DateField()),
                ('posted_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('cause', 'reversal')), fields=['cause_id'], name='reversals')],
                'constraints': [models.UniqueConstraint(fields=('key',), name='one_batch_of_a_key')],
            },
        ),
        migrations.CreateModel(
            name='Holder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=xiangyue.kernel.ids.public_id, editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='ledger.holder')),
                ('kind', models.CharField(choices=[('points', '积分'), ('gifted', '获赠积分'), ('hours', '服务时长'), ('issued', '已发积分'), ('given', '已赠积分'), ('redeemed', '已兑积分'), ('expired', '到期积分'), ('cleared', '清零积分'), ('opening', '期初积分'), ('left', '销户积分'), ('served', '已计时长'), ('fund', '资金'), ('paid', '已付资金')], max_length=20)),
                ('currency', models.CharField(choices=[('POINT', '积分'), ('CNY', '人民币'), ('HOUR', '服务时长')], default='POINT', max_length=5)),
                ('balance', models.BigIntegerField(null=True)),
                ('held', models.BigIntegerField(default=0)),
                ('arrears', models.BigIntegerField(default=0)),
                ('honour', models.BigIntegerField(default=0)),
                ('floor', models.BigIntegerField(default=0)),
                ('redeem_floor', models.BigIntegerField(default=0)),
                ('closed_on', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('holder', 'kind'), name='one_account_of_a_kind'), models.CheckConstraint(condition=models.Q(('arrears__gte', 0), ('balance__gte', django.db.models.expressions.CombinedExpression(models.F('floor'), '+', models.F('held'))), ('held__gte', 0)), name='balance_above_floor')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(unique=True)),
                ('previous', models.CharField(max_length=64)),
                ('root', models.CharField(max_length=64)),
                ('batches', models.BigIntegerField()),
                ('transfers', models.BigIntegerField()),
                ('day', models.DateField(db_index=True)),
                ('sealed_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='ledger.seal')),
                ('account', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('balance', models.BigIntegerField()),
                ('honour', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'seal'), name='one_closing_of_an_account')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('input_hash', models.CharField(max_length=64)),
                ('account', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='ledger.account')),
                ('pool', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('amount', models.BigIntegerField()),
                ('cause', models.CharField(choices=[('settlement', '公示入账'), ('order', '兑换'), ('opening', '期初'), ('expiry', '到期'), ('clearing', '清零'), ('reversal', '冲正'), ('split', '分户'), ('merge', '并户'), ('closing', '销户'), ('grant', '基础分'), ('service', '志愿服务'), ('funding', '资金')], max_length=20)),
                ('cause_id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('held', '已预留'), ('posted', '已入账'), ('voided', '已取消'), ('expired', '已过期')], default='held', max_length=10)),
                ('held_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('batch', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.batch')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'held')), fields=['ends_at'], name='open_holds')],
                'constraints': [models.UniqueConstraint(fields=('key',), name='one_hold_of_a_key')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('pk', models.CompositePrimaryKey('batch_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                ('batch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='transfers', to='ledger.batch')),
                ('line', models.BigIntegerField()),
                ('debit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='ledger.account')),
                ('credit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='ledger.account')),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(choices=[('POINT', '积分'), ('CNY', '人民币'), ('HOUR', '服务时长')], default='POINT', max_length=5)),
                ('book', models.CharField(choices=[('both', '荣誉积分和可用积分'), ('spendable', '可用积分'), ('honour', '荣誉积分')], max_length=9)),
                ('expires_on', models.DateField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('debit__gt', 0)), fields=['debit'], name='household_debits'), models.Index(condition=models.Q(('credit__gt', 0)), fields=['credit'], name='household_credits')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='something_moves')],
            },
        ),
        migrations.CreateModel(
            name='Unsealed',
            fields=[
                ('batch', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='ledger.batch')),
            ],
            options={
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='SealedBatch',
            fields=[
                ('batch', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sealed', serialize=False, to='ledger.batch')),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed_batches', to='ledger.seal')),
                ('root', models.CharField(max_length=64)),
            ],
        ),
    ]
