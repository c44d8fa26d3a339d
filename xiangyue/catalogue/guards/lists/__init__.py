"""The lists of words that the guards look for, clause by clause. Pure data.

What takes a right away is refused on either side of the account; what only matters when it is punished or rewarded
names its side. Words whose meaning depends on what was meant raise a question.
"""

from typing import Final

from xiangyue.catalogue.guards import clauses
from xiangyue.catalogue.guards.lists import burden, people, rights, speech
from xiangyue.catalogue.guards.wording import WordGuard

WORD_GUARDS: Final = (
    WordGuard(clauses.BENEFITS, rights.BENEFITS),
    WordGuard(clauses.SERVICES, rights.SERVICES),
    WordGuard(clauses.MEMBERS, rights.MEMBERS),
    WordGuard(clauses.VILLAGE, rights.VILLAGE),
    WordGuard(clauses.MINORS, people.MINORS),
    WordGuard(clauses.RELIGION, people.RELIGION),
    WordGuard(clauses.PEOPLES, people.PEOPLES),
    WordGuard(clauses.BIRTHS, people.BIRTHS),
    WordGuard(clauses.ILLNESS, people.ILLNESS),
    WordGuard(clauses.POVERTY, people.POVERTY),
    WordGuard(clauses.KIN, people.KIN),
    WordGuard(clauses.PETITIONS, speech.PETITIONS),
    WordGuard(clauses.COMPLAINTS, speech.COMPLAINTS),
    WordGuard(clauses.INFORMERS, speech.INFORMERS),
    WordGuard(clauses.FINES, burden.FINES),
    WordGuard(clauses.SHAMING, burden.SHAMING),
    WordGuard(clauses.CREDIT, burden.CREDIT),
    WordGuard(clauses.BURDEN, burden.BURDEN),
    WordGuard(clauses.GIVING, burden.GIVING),
    WordGuard(clauses.PAPERS, burden.EVIDENCE),
    WordGuard(clauses.OTHER, burden.OTHER),
)
