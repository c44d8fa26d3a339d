import django.contrib.postgres.fields
import django.db.models.deletion
import xiangyue.kernel.clock
import xiangyue.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ledger', '0001_initial'),
        ('users', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='PeopleRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keeps_id_numbers', models.BooleanField(default=False)),
                ('retention_years', models.PositiveSmallIntegerField(default=3)),
                ('key_check', models.CharField(blank=True, max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='DoorTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'at'], name='people_door_source_18a42b_idx'), models.Index(fields=['at'], name='people_door_at_e279d4_idx')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.unit')),
                ('level', models.CharField(choices=[('city', '市'), ('county', '县'), ('town', '镇'), ('village', '行政村'), ('grid_village', '网格村'), ('grid', '网格'), ('micro_grid', '微网格'), ('group', '联户小组')], max_length=20)),
                ('code', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('path', models.CharField(max_length=250, unique=True)),
                ('holder', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.holder')),
                ('since', models.DateField(default=xiangyue.kernel.clock.today)),
                ('until', models.DateField(null=True)),
                ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='people.unit')),
                ('joining', models.CharField(choices=[('outside', '未加入'), ('pilot', '试点'), ('demonstration', '示范'), ('admitted', '已验收')], default='outside', max_length=20)),
                ('is_ranked', models.BooleanField(db_default=True, default=True)),
            ],
            options={
                'ordering': ('path',),
                'indexes': [models.Index(fields=['path'], name='unit_path_prefix', opclasses=('varchar_pattern_ops',))],
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='unit_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=xiangyue.kernel.ids.public_id, editable=False, unique=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('number', models.CharField(max_length=20)),
                ('address', models.CharField(blank=True, max_length=120)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('holder', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.holder')),
                ('joined_on', models.DateField()),
                ('left_on', models.DateField(null=True)),
                ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='people.household')),
                ('is_ranked', models.BooleanField(db_default=True, default=True)),
                ('asks_first', models.BooleanField(db_default=False, default=False)),
            ],
            options={
                'ordering': ('village_id', 'number'),
                'indexes': [models.Index(fields=['number'], name='household_number_prefix', opclasses=('varchar_pattern_ops',))],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('village', 'number'), name='household_number_in_village'), models.CheckConstraint(condition=models.Q(('left_on', None), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='household_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household')),
                ('token_hash', models.CharField(max_length=64)),
                ('pin_hash', models.CharField(max_length=128)),
                ('till_pin_hash', models.CharField(blank=True, db_default='', default='', max_length=128)),
                ('code_hash', models.CharField(blank=True, db_default='', default='', max_length=128)),
                ('code_used_at', models.DateTimeField(null=True)),
                ('issued_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('token_hash',), name='one_card_of_a_token'), models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('household',), name='one_valid_card')],
            },
        ),
        migrations.CreateModel(
            name='HouseholdRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='people.household')),
                ('wanted', models.CharField(choices=[('correction', '更正资料'), ('card', '补发积分卡')], max_length=20)),
                ('topic', models.CharField(blank=True, choices=[('name', '名字'), ('born', '出生日期、性别'), ('phone', '电话、身份证号'), ('members', '家里有谁、谁是户主'), ('address', '地址、户号、网格'), ('party', '党员身份'), ('erase', '要删掉的资料'), ('other', '别的')], max_length=20)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('made_at', models.DateTimeField()),
                ('made_by_kind', models.CharField(max_length=10)),
                ('made_by_id', models.BigIntegerField()),
                ('is_on_behalf', models.BooleanField(default=False)),
                ('answer_by', models.DateField()),
                ('state', models.CharField(choices=[('open', '等办理'), ('done', '办好了'), ('declined', '没有办'), ('withdrawn', '撤回了'), ('lapsed', '不用办了')], default='open', max_length=20)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['household', 'made_at'], name='people_hous_househo_a9b823_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open'), ('wanted', 'card')), fields=('household',), name='one_open_request_for_a_card')],
            },
        ),
        migrations.CreateModel(
            name='MembershipClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='people.household')),
                ('name', models.CharField(blank=True, max_length=60)),
                ('state', models.CharField(choices=[('open', '等确认'), ('confirmed', '确认了'), ('declined', '没有确认'), ('withdrawn', '撤回了'), ('lapsed', '不用办了')], default='open', max_length=20)),
                ('made_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answer', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'made_at'], name='people_memb_user_id_2b09d6_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('user', 'household'), name='one_open_claim_of_a_pair')],
            },
        ),
        migrations.CreateModel(
            name='Mentorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentorships', to='people.household')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('household', 'mentor'), name='one_mentorship_of_a_pair'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='mentorship_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='OfficeRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.CharField(choices=[('administrator', '管理员'), ('leading_group', '领导小组成员'), ('department', '部门干部'), ('town_official', '镇干部'), ('village_secretary', '村党组织书记'), ('first_secretary', '第一书记'), ('work_team', '驻村工作队员'), ('information_administrator', '信息管理员'), ('grid_leader', '网格员'), ('group_leader', '联户组长'), ('committee_member', '评议委员'), ('council_member', '村里各会成员'), ('supervisor', '监督员'), ('operator', '运营企业人员'), ('shopkeeper', '店员'), ('auditor', '审计员'), ('bank_officer', '银行经办人')], max_length=30)),
                ('level', models.CharField(choices=[('city', '市'), ('county', '县'), ('town', '镇'), ('village', '行政村'), ('grid_village', '网格村'), ('grid', '网格'), ('micro_grid', '微网格'), ('group', '联户小组')], max_length=20)),
                ('title', models.CharField(max_length=40)),
                ('is_needed', models.BooleanField(default=False)),
                ('party_only', models.BooleanField(default=False)),
                ('turn_months', models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'level'), name='one_rule_of_an_office')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household')),
                ('user', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('is_large', models.BooleanField(default=False)),
                ('language', models.CharField(blank=True, max_length=10)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('household', None), ('user__isnull', False)), models.Q(('household__isnull', False), ('user', None)), _connector='OR'), name='reading_of_one_account')],
            },
        ),
        migrations.CreateModel(
            name='Resident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='residents', to='people.household')),
                ('name', models.CharField(max_length=60)),
                ('pinyin', models.CharField(blank=True, max_length=200)),
                ('initials', models.CharField(blank=True, max_length=60)),
                ('sex', models.CharField(blank=True, choices=[('F', '女'), ('M', '男')], max_length=1)),
                ('born', models.DateField(null=True)),
                ('relation', models.CharField(choices=[('head', '户主'), ('spouse', '配偶'), ('child', '子女'), ('parent', '父母'), ('other', '其他')], max_length=10)),
                ('is_party_member', models.BooleanField(default=False)),
                ('lives_elsewhere', models.BooleanField(default=False)),
                ('id_number', models.BinaryField(null=True)),
                ('id_index', models.CharField(max_length=32, null=True)),
                ('id_tail', models.CharField(max_length=32, null=True)),
                ('phone', models.BinaryField(null=True)),
                ('phone_index', models.CharField(max_length=32, null=True)),
                ('phone_tail', models.CharField(max_length=32, null=True)),
                ('left_on', models.DateField(null=True)),
                ('died_on', models.DateField(null=True)),
                ('erased_on', models.DateField(null=True)),
                ('user', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('household_id', 'id'),
                'indexes': [models.Index(fields=['name'], name='resident_name', opclasses=('varchar_pattern_ops',)), models.Index(fields=['pinyin'], name='resident_pinyin', opclasses=('varchar_pattern_ops',)), models.Index(fields=['initials'], name='resident_initials', opclasses=('varchar_pattern_ops',)), models.Index(condition=models.Q(('id_tail__isnull', False)), fields=['id_tail'], name='resident_id_tail'), models.Index(condition=models.Q(('phone__isnull', False)), fields=['phone_index'], name='resident_phone'), models.Index(condition=models.Q(('phone__isnull', False)), fields=['phone_tail'], name='resident_phone_tail')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_on', None), ('relation', 'head')), fields=('household',), name='one_head'), models.UniqueConstraint(condition=models.Q(('id_index__isnull', False), ('left_on', None)), fields=('id_index',), name='one_resident_of_an_id')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.household')),
                ('resident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='people.resident')),
                ('how', models.CharField(choices=[('card_code', '用了绑定码'), ('confirmed', '网格员确认'), ('roster', '户册上登记')], max_length=20)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('ending', models.CharField(blank=True, choices=[('gone', '不在这一户了'), ('given_up', '自己退出'), ('household', '家里人解除'), ('office', '村里解除')], db_default='', default='', max_length=20)),
                ('may_redeem', models.BooleanField(db_default=True, default=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('user', 'household'), name='one_membership_of_a_pair'), models.CheckConstraint(condition=models.Q(models.Q(('ending', ''), ('until', None)), models.Q(('until__gte', models.F('since')), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='a_membership_ends_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Kinship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('kin', models.CharField(choices=[('spouse', '配偶'), ('parent', '父母'), ('child', '子女'), ('sibling', '兄弟姐妹'), ('grandparent', '祖父母、外祖父母'), ('grandchild', '孙子女、外孙子女'), ('in_law', '近姻亲')], max_length=20)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('resident__lt', models.F('other'))), name='a_pair_has_an_order'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('resident', 'other'), name='one_kinship_of_a_pair')],
            },
        ),
        migrations.CreateModel(
            name='FormerHousehold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_households', to='people.resident')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_residents', to='people.household')),
                ('relation', models.CharField(choices=[('head', '户主'), ('spouse', '配偶'), ('child', '子女'), ('parent', '父母'), ('other', '其他')], max_length=10)),
                ('until', models.DateField()),
            ],
            options={
                'ordering': ('resident_id', 'until'),
                'constraints': [models.UniqueConstraint(fields=('resident', 'until'), name='one_household_until_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='people.resident')),
                ('gift', models.CharField(choices=[('money', '钱款'), ('goods', '物品'), ('idea', '建议'), ('labour', '出工')], max_length=10)),
                ('what', models.CharField(max_length=200)),
                ('fen', models.BigIntegerField(null=True)),
                ('given_on', models.DateField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('fen__gt', 0), ('gift', 'money')), models.Q(models.Q(('gift', 'money'), _negated=True), ('fen', None)), _connector='OR'), name='money_has_an_amount')],
            },
        ),
        migrations.CreateModel(
            name='Circumstance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('hardship', models.CharField(choices=[('poverty', '生活困难'), ('illness', '重病'), ('disability', '残疾'), ('alone', '独居')], max_length=20)),
                ('note', models.BinaryField(null=True)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SeatRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(choices=[('evaluation', '评议小组'), ('supervision', '监督小组'), ('assembly', '村民代表会议'), ('red_white', '红白理事会'), ('moral', '道德评议会'), ('council', '村民议事会'), ('anti_drug_gambling', '禁毒禁赌会')], max_length=20)),
                ('capacity', models.CharField(choices=[('two_committees', '村两委干部'), ('work_team', '驻村工作队'), ('grid_leader', '网格员'), ('party_member', '党员代表'), ('households', '村民代表'), ('notable', '乡贤、退休干部')], max_length=20)),
                ('least', models.PositiveSmallIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('body', 'capacity'), name='one_rule_of_a_seat')],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='people.household')),
                ('name', models.CharField(max_length=40)),
                ('is_honour', models.BooleanField()),
                ('basis', models.CharField(max_length=200)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('ended_on', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('is_honour', True), ('until__isnull', False), _connector='OR'), name='a_penalty_ends_by_itself'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='standing_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='JoiningStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joining_steps', to='people.unit')),
                ('joining', models.CharField(choices=[('outside', '未加入'), ('pilot', '试点'), ('demonstration', '示范'), ('admitted', '已验收')], max_length=20)),
                ('since', models.DateField()),
                ('basis', models.CharField(max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'since'), name='one_step_a_day')],
            },
        ),
        migrations.CreateModel(
            name='FormerPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_places', to='people.household')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('number', models.CharField(max_length=20)),
                ('until', models.DateField()),
            ],
            options={
                'ordering': ('household_id', 'until'),
                'indexes': [models.Index(fields=['village', 'number'], name='people_form_village_aa6530_idx')],
                'constraints': [models.UniqueConstraint(fields=('household', 'until'), name='one_place_until_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.CharField(choices=[('administrator', '管理员'), ('leading_group', '领导小组成员'), ('department', '部门干部'), ('town_official', '镇干部'), ('village_secretary', '村党组织书记'), ('first_secretary', '第一书记'), ('work_team', '驻村工作队员'), ('information_administrator', '信息管理员'), ('grid_leader', '网格员'), ('group_leader', '联户组长'), ('committee_member', '评议委员'), ('council_member', '村里各会成员'), ('supervisor', '监督员'), ('operator', '运营企业人员'), ('shopkeeper', '店员'), ('auditor', '审计员'), ('bank_officer', '银行经办人')], max_length=30)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('body', models.CharField(blank=True, choices=[('evaluation', '评议小组'), ('supervision', '监督小组'), ('assembly', '村民代表会议'), ('red_white', '红白理事会'), ('moral', '道德评议会'), ('council', '村民议事会'), ('anti_drug_gambling', '禁毒禁赌会')], max_length=20)),
                ('capacity', models.CharField(blank=True, choices=[('two_committees', '村两委干部'), ('work_team', '驻村工作队'), ('grid_leader', '网格员'), ('party_member', '党员代表'), ('households', '村民代表'), ('notable', '乡贤、退休干部')], max_length=20)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'office'], name='people_appo_user_id_932067_idx'), models.Index(fields=['unit', 'office'], name='people_appo_unit_id_f3549b_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='appointment_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='CardTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tries', to='people.card')),
                ('tried', models.CharField(choices=[('sign_in', '登录密码'), ('till', '兑换密码'), ('code', '绑定码')], db_default='sign_in', default='sign_in', max_length=10)),
                ('at', models.DateTimeField()),
                ('succeeded', models.BooleanField()),
            ],
            options={
                'indexes': [models.Index(fields=['card', 'tried', 'at'], name='people_card_card_id_6b1039_idx')],
            },
        ),
        migrations.CreateModel(
            name='HelpVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('helper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='help_visits', to='people.household')),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('allowed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['household', 'asked_at'], name='people_help_househo_b549fc_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('helper', 'household'), name='one_visit_of_a_helper')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='people.household')),
                ('receiver', models.CharField(max_length=60)),
                ('purpose', models.CharField(max_length=120)),
                ('given_at', models.DateTimeField()),
                ('given_by_kind', models.CharField(max_length=10)),
                ('given_by_id', models.BigIntegerField()),
                ('until', models.DateField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('household', 'receiver', 'purpose'), name='one_consent_of_a_kind')],
            },
        ),
    ]
