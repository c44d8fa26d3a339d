"""Events that override points: 清零, 一票否决, 降为B级. Pure.

reset     = [本类] (清零 | 当年积分清零 | [当年积分] 清至 points)      [sep 改正后 [改为] 扣 points]
veto      = 一票否决 [["("] term [")"]] [sep 取消 bars] | 取消 [term] bar {、 bar} [term]
downgrade = 降为 grade [级] [sep term] | 降 number (级 | 档 | 星) [sep term]
"""

from fractions import Fraction

from django.utils.translation import gettext as _

from xiangyue.catalogue.language import event_words, words
from xiangyue.catalogue.language.amounts import points, some_points
from xiangyue.catalogue.language.times import term
from xiangyue.catalogue.language.tokens import Kind, NotFitting, Reader
from xiangyue.catalogue.rules.terms import Bar, Layer, Window
from xiangyue.catalogue.rules.times import ForGood, Term, ToYearEnd
from xiangyue.catalogue.rules.worth import Downgrade, Event, Reset, Veto


def event(reader: Reader) -> Event:
    """Take an event, with how soon it comes before it (一经发现，直接). Raises: NotFitting."""
    reader.attempt(_at_once)
    for rule in (_reset, _veto, _downgrade):
        if (found := reader.attempt(rule)) is not None:
            return found
    raise NotFitting


def _at_once(reader: Reader) -> bool:
    """Take 发现一次, 一经查实，, 直接. Raises: NotFitting."""
    found = bool(reader.accept(event_words.ON_SIGHT))
    if found or reader.accept({"发现", "出现", "查实"}):
        if not found or (reader.next is not None and reader.next.text == "一"):
            if reader.number() != 1:
                raise NotFitting
            reader.expect({"次", "起", "例"})
        found = True
        reader.accept({"，", ","})
    if not (reader.accept(event_words.DIRECTLY) or found):
        raise NotFitting
    reader.kept = reader.kept or found
    return True


def _reset(reader: Reader) -> Event:
    if reader.accept(event_words.CATEGORY_RESETS):
        return Reset(Layer.CATEGORY, 0, reader.attempt(_repaired))
    if (when := reader.attempt(_all_taken)) is not None:
        return Reset(Layer.ALL, 0, reader.attempt(_repaired), when)
    what, to = Layer.CATEGORY if reader.accept({"本类"}) else Layer.ALL, 0
    if word := reader.accept(event_words.RESETS):
        when = event_words.RESETS[word]
    else:
        word = reader.accept(event_words.RESET_OF)
        when = event_words.RESET_OF[word] if word else Window.ONCE
        reader.expect(event_words.RESET_TO)
        to = points(reader)
    return Reset(what, to, reader.attempt(_repaired), when)


def _all_taken(reader: Reader) -> Window:
    """Take 取消当年积分, 扣除全部积分. Raises: NotFitting."""
    reader.expect(event_words.TAKES_ALL)
    if word := reader.accept(event_words.RESET_OF):
        if reader.next is not None and reader.next.text in event_words.BARS:
            raise NotFitting  # 取消当年积分兑换资格
        return event_words.RESET_OF[word]
    word = reader.accept(event_words.RESET_PERIODS)
    reader.accept({"的"})
    everything = reader.accept(event_words.ALL)
    reader.expect({"积分", "总积分", "分数"})
    if not word and not everything:
        raise NotFitting
    return event_words.RESET_PERIODS[word] if word else Window.ONCE


def _repaired(reader: Reader) -> int:
    reader.expect(words.SEPARATORS)
    reader.expect(event_words.REPAIRED)
    reader.accept(event_words.INSTEAD)
    reader.expect(words.LOSSES | words.MINUS_SIGNS)
    return some_points(reader)


def _veto(reader: Reader) -> Event:
    before = reader.attempt(_term_of_veto)
    named = before or _veto_word(reader)
    lasts = before or (reader.attempt(_term) if named else None)
    bars: frozenset[Bar] = frozenset()
    if named:
        found = reader.attempt(_further_taken)
        if found:
            bars, later = found
            lasts = lasts or later
    else:
        bars, lasts = _taken(reader)
    if isinstance(lasts, ForGood):
        reader.misfit("veto-without-end", _("一票否决要写到什么时候为止，例如一票否决1年"))
    if lasts is None:
        reader.guesses += ("veto-without-term",)
    return Veto(lasts or ToYearEnd(), bars or frozenset({Bar.REDEMPTION, Bar.HONOURS}))


def _veto_word(reader: Reader) -> str | None:
    reader.accept({"实行", "实施", "给予"})
    quoted = reader.next is not None and reader.next.kind is Kind.QUOTED
    if quoted and reader.next is not None and reader.next.text in event_words.VETOES:
        reader.accept_kind(Kind.QUOTED)
        return "一票否决"
    return reader.accept(event_words.VETOES)


def _term_of_veto(reader: Reader) -> Term:
    """Take 当年一票否决."""
    found = term(reader)
    if not _veto_word(reader):
        raise NotFitting
    return found


def _further_taken(reader: Reader) -> tuple[frozenset[Bar], Term | None]:
    if not reader.accept(words.SEPARATORS) and reader.tokens[reader.at - 1].text in event_words.VETOES:
        raise NotFitting
    return _taken(reader)


def _taken(reader: Reader) -> tuple[frozenset[Bar], Term | None]:
    """Take 取消当年和次年兑换、评优资格, 1年内不得兑换."""
    lasts = reader.attempt(_term)
    reader.expect(event_words.VETO_TAKES)
    lasts = lasts or reader.attempt(_term)
    if lasts is None and reader.accept({"当年积分"}):  # 取消当年积分兑换资格
        lasts = ToYearEnd()
    if reader.accept_kind(Kind.QUOTED):
        reader.kept = True  # which honour it is
    found = {event_words.BARS[reader.expect(event_words.BARS)]}
    while reader.attempt(_and_bar_follows):
        found.add(event_words.BARS[reader.expect(event_words.BARS)])
    reader.accept({"资格"})
    return frozenset(found), lasts or reader.attempt(_term)


def _and_bar_follows(reader: Reader) -> bool:
    reader.expect({"、", "和", "及", "，", ","})
    if reader.next is None or reader.next.text not in event_words.BARS:
        raise NotFitting
    return True


def _term(reader: Reader) -> Term:
    bracket = reader.accept({"("})
    if not bracket:
        reader.accept(words.SEPARATORS)
    found = term(reader)
    reader.accept({"的"})
    if bracket:
        reader.expect({")"})
    return found


def _downgrade(reader: Reader) -> Event:
    named = reader.expect(event_words.DOWNGRADES).endswith(("级", "级为"))  # 直接判级D
    if (steps := reader.attempt(_steps)) is not None:
        return Downgrade(steps=int(steps), term=_grade_term(reader))
    quoted = reader.accept_kind(Kind.QUOTED)
    grade = quoted.text if quoted else _grade(reader)
    if not quoted and not (named and reader.done and grade.isascii()):
        end = reader.expect(event_words.GRADE_ENDS)
        grade += "" if end == "级" and grade.isascii() else end
    if not 0 < len(grade) <= 60:
        raise NotFitting
    return Downgrade(grade, term=_grade_term(reader))


def _grade_term(reader: Reader) -> Term:
    """Take how long a lower grade lasts; where nothing is said, no longer than the year."""
    lasts = reader.attempt(_term)
    if isinstance(lasts, ForGood):
        reader.misfit("downgrade-without-end", _("降级要写到什么时候为止，例如降为B级1年，或改正为止"))
    if lasts is None:
        reader.guesses += ("downgrade-without-term",)
    return lasts or ToYearEnd()


def _steps(reader: Reader) -> Fraction:
    many = reader.number()
    reader.expect(event_words.STEPS_DOWN)
    before = reader.tokens[reader.at - 3].text if reader.at >= 3 else ""
    if many.denominator != 1 or not 1 <= many <= 50 or before != "降":
        raise NotFitting
    return many


def _grade(reader: Reader) -> str:
    """Take the name of a grade: B, AA, 二 (of 二星), 丙."""
    if found := reader.accept_kind(Kind.TEXT):
        return found.text
    found = reader.accept_kind(Kind.NUMBER)
    if found is None:
        raise NotFitting
    return found.text
