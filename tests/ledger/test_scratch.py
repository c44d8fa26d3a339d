import time
from django.db import connection
from tests.conftest import found
from tests.cast import settle_in
from xiangyue.ledger.operations.opening import open_households
from xiangyue.ledger.queries import STATEMENT
NEW = STATEMENT.replace(STATEMENT[STATEMENT.index("        SELECT transfer.batch_id"):STATEMENT.index("    ),\n    lines")], """
        SELECT transfer.batch_id, transfer.line, account.kind, transfer.amount
        FROM ledger_account account JOIN ledger_transfer transfer ON transfer.credit_id = account.id
        WHERE account.holder_id = %(holder)s AND account.currency = 'POINT'
        UNION ALL
        SELECT transfer.batch_id, transfer.line, account.kind, -transfer.amount
        FROM ledger_account account JOIN ledger_transfer transfer ON transfer.debit_id = account.id
        WHERE account.holder_id = %(holder)s AND account.currency = 'POINT'
""")
def test_a(committed):
    settle_in()
    hs=open_households(count=5000)
    with connection.cursor() as cur:
        cur.execute("insert into ledger_batch(key,input_hash,cause,cause_id,actor_kind,actor_id,day,posted_at) values('k','h','order',1,'system',0,'2026-01-01','2026-01-01') returning id")
        b=cur.fetchone()[0]
        cur.execute("insert into ledger_transfer(batch_id,debit_id,credit_id,currency,amount,line) select %s, (select min(id) from ledger_account where kind='issued_honour'), id, 'POINT', 5, n from ledger_account, generate_series(1,15) n where kind in ('honour', 'spendable')", [b])
        cur.execute("insert into ledger_transfer(batch_id,debit_id,credit_id,currency,amount,line) select %s, id, (select min(id) from ledger_account where kind='issued_honour'), 'POINT', 5, n from ledger_account, generate_series(1,2) n where kind in ('spendable')", [b])
        cur.execute("analyze")
        for q in (STATEMENT, NEW):
            cur.execute("explain analyze "+q, {"holder": hs[77]})
            print("\n".join(r[0] for r in cur.fetchall() if "Scan" in r[0] or "Time" in r[0]))

def test_b(db): pass
