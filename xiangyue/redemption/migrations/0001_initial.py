import django.db.models.deletion
import xiangyue.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Shop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('name', models.CharField(max_length=60)),
                ('holder', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.holder')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='shop_named_once')],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=xiangyue.kernel.ids.public_id, editable=False, unique=True)),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redemption.shop')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household')),
                ('total', models.BigIntegerField()),
                ('sold_on', models.DateField()),
                ('sold_at', models.DateTimeField()),
                ('sold_by_kind', models.CharField(choices=[('user', 'user'), ('card', 'card'), ('system', 'system')], max_length=10)),
                ('sold_by_id', models.BigIntegerField()),
                ('batch', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.batch')),
                ('key', models.CharField(max_length=120)),
                ('input_hash', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['household'], name='redemption__househo_518241_idx'), models.Index(fields=['shop', 'sold_on'], name='redemption__shop_id_4a3c96_idx')],
                'constraints': [models.UniqueConstraint(fields=('key',), name='one_order_of_a_key'), models.CheckConstraint(condition=models.Q(('total__gt', 0)), name='order_total_positive')],
            },
        ),
        migrations.CreateModel(
            name='Good',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goods', to='redemption.shop')),
                ('name', models.CharField(max_length=60)),
                ('spec', models.CharField(blank=True, max_length=60)),
                ('price', models.BigIntegerField()),
                ('stock', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('shop', 'name', 'spec'), name='good_named_once'), models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='price_positive'), models.CheckConstraint(condition=models.Q(('stock__gte', 0)), name='stock_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='CodeTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redemption.shop')),
                ('at', models.DateTimeField()),
                ('by_kind', models.CharField(choices=[('user', 'user'), ('card', 'card'), ('system', 'system')], max_length=10)),
                ('by_id', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['shop', 'at'], name='redemption__shop_id_a5452a_idx')],
            },
        ),
        migrations.CreateModel(
            name='ShownCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household')),
                ('token_hash', models.CharField(max_length=64)),
                ('digits', models.CharField(max_length=6)),
                ('shown_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('shop', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redemption.shop')),
            ],
            options={
                'indexes': [models.Index(fields=['digits'], name='redemption__digits_a46206_idx')],
                'constraints': [models.UniqueConstraint(fields=('token_hash',), name='one_code_of_a_token'), models.CheckConstraint(condition=models.Q(models.Q(('shop', None), ('used_at', None)), models.Q(('shop__isnull', False), ('used_at__isnull', False)), _connector='OR'), name='a_code_is_used_at_a_shop')],
            },
        ),
        migrations.CreateModel(
            name='StockMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('good', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='redemption.good')),
                ('change', models.IntegerField()),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redemption.order')),
                ('at', models.DateTimeField()),
                ('key', models.CharField(max_length=120)),
            ],
            options={
                'indexes': [models.Index(fields=['good'], name='redemption__good_id_199b84_idx')],
                'constraints': [models.UniqueConstraint(fields=('key',), name='one_move_of_a_key'), models.CheckConstraint(condition=models.Q(models.Q(('change__gt', 0), ('order', None)), models.Q(('change__lt', 0), ('order__isnull', False)), _connector='OR'), name='stock_moves_have_reasons')],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='redemption.order')),
                ('good', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redemption.good')),
                ('quantity', models.PositiveIntegerField()),
                ('price', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order', 'good'), name='a_good_once_an_order'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='quantity_positive')],
            },
        ),
    ]
