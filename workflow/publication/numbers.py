"""个人号码 — numbers that lead to a person: identity, telephone, bank, passport.

A number is known by its own form where the form is rare (check digit and birthday, 62… with Luhn), and by
the word before it where the form is common. What a word before it declares to be the number of a paper, a
ticket or an officer is not taken for a weak form; a right identity number is one whatever the word says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from workflow.publication.undisguised import DOTS, LIGHT, Reading, Run, X, runs

ID, PASSPORT, PHONE, CARD = "身份证件号码", "护照/港澳台通行证号码", "电话号码", "银行卡号/账号"

Found = tuple[str, tuple[int, int], str]
"""A kind, where it stands in the original, and how it was known."""

_PROVINCES = frozenset({
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82", "83",
})  # fmt: skip

_LINK = r"""(?:号码|号|编号|编码|码|为|是|系|[：:=（(“"'‘\[【、，,])*$"""


def _label(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words}){_LINK}", re.IGNORECASE)


_OF_IDENTITY = _label(
    r"身份证件?|公民身份|(?<!执法)证件|驾驶证|驾照|军官证|士兵证|社保卡|社会保障|居住证|居留证|居留身份证|户口簿|户号"
)
_OF_PHONE = _label(r"电话|手机|座机|固话|传真|联系方式|致电|拨打|来电|热线|tel\.?|phone|mobile")
_OF_BANK = _label(
    r"卡号|账号|帐号|账户|帐户|银行卡|储蓄卡|信用卡|存折|工资卡|(?:银行|支行|信用社)[^，。；]{0,6}"
)
_OF_STATE = re.compile(r"财政|非税|罚没|国库|代收|缴纳|缴至|缴款|专户")
_OF_CODE = _label(r"信用代码|机构代码|登记证?|注册")
_OF_OFFICER = _label(r"执法证件?|执法|检查证|监督证|执法人员[^，。；（(]{0,8}[（(]")
_OF_THING = _label(
    r"编号|编码|序号|单号|票号|票据|发票|收据|案号|文号|流水|注册|登记|执照|许可证?|证书|产权证?|不动产权?|订单|型号|"
    r"批号|条形?码|缴款|缴费|缴库|识别|序列|代码|设备|台账|IMEI|工单|合同|标准|档案|快递|邮件|运单|回执|挂号信?|邮政编码|"
    r"(?:通知|告知|决定|认定|检测|检验|鉴定|报告)书?"
)
_OF_OFFICE = _label(r"(?:监督|咨询|举报|投诉|服务|值班|办公)(?:热线)?电话")
_OF_TICKET = _label(r"工单(?:编号)?|单号|票号|票据|收据|发票|缴款|流水|条形?码|快递|运单|邮件")
_OF_PLACE = re.compile(r"(?:东经|西经|北纬|经度|纬度|经纬度|坐标)[^。；]*$")
_LISTED = re.compile(r"(?:[0-9A-Za-z]{4,30}[、和及])+$")
_MONEY = re.compile(r"(?:亿|千|百|十)?(?:元|万|亿|吨|公斤|千克|平方|立方|㎡)")


def numbers(reading: Reading) -> Iterator[Found]:
    """Every number of a person in a text; what overlaps is left to the caller."""
    for run in runs(reading):
        if len(run.values) >= 7:
            yield from _identities(run)
            yield from _phones(run)
            yield from _accounts(run)
            yield from _passports(run)
    yield from _permits(reading)
    yield from _named_papers(reading)


def _called(run: Run, first: int, label: re.Pattern[str]) -> bool:
    """The word before a number, or before the list in which it stands, is one of these."""
    before = run.before(first)
    return bool(label.search(before) or label.search(_LISTED.sub("", before)))


# --- Identity -----------------------------------------------------------------------------------


def _identities(run: Run) -> Iterator[Found]:
    values, size = run.values, len(run.values)
    covered = 0
    for i in range(size - 14):
        if i < covered or X in values[i : i + 14]:
            continue
        if i + 18 <= size and (why := _eighteen(run, i)):
            covered = i + 18
            yield ID, run.span(i, covered), why
        elif (i + 15 == size or run.edges[i + 15]) and (why := _fifteen(run, i)):
            covered = i + 15
            yield ID, run.span(i, covered), why
    if not covered and (end := _labelled(run, _OF_IDENTITY, 8, 20)):
        yield ID, run.span(0, end), "前面写明是证件号码"


def _eighteen(run: Run, i: int) -> str:
    values = run.values
    if values[i + 6] not in (1, 2) or X in values[i : i + 17]:
        return ""
    number = run.number(i, i + 18)
    # A foreigner's permanent residence card begins with 9 and the province (2023 form).
    province = number[1:3] if number[0] == "9" else number[:2]
    if province not in _PROVINCES or not _day(number[6:14]):
        return ""
    if ric.calc_check_digit(number) == number[17]:
        if not run.glued(i, i + 18) and not (run.edges[i] and run.edges[i + 18]):
            return ""
        if _called(run, i, _OF_CODE) and _is_uscc(number):
            return ""
        return "十八位，出生日期和校验位都对"
    if run.whole(i, i + 18) and not _called(run, i, _OF_THING):
        return "十八位，出生日期对，校验位不对（旧号或者写错的号也是）"
    return ""


def _fifteen(run: Run, i: int) -> str:
    number = run.number(i, i + 15)
    if X in run.values[i : i + 15] or number[:2] not in _PROVINCES or not _day(f"19{number[6:12]}"):
        return ""
    if not run.whole(i, i + 15):
        return ""
    if _called(run, i, _OF_IDENTITY):
        return "前面写明是证件号码，十五位"
    alone = run.glued(i, i + 15) or (i == 0 and i + 15 == len(run.values))
    return "十五位的旧身份证号码" if alone and not _called(run, i, _OF_THING) else ""


def _day(digits: str) -> bool:
    if digits[:2] not in ("19", "20"):
        return False
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _is_uscc(number: str) -> bool:
    try:
        uscc.validate(number)
    except ValidationError:
        return False
    return True


def _labelled(run: Run, label: re.Pattern[str], least: int, most: int) -> int:
    """Where the number ends that opens this run right after a label; 0 where there is none."""
    if not _called(run, 0, label) or _called(run, 0, _OF_OFFICER):
        return 0
    end = 1
    while end < min(len(run.values), most) and not set(run.gaps[end]) & set("，。；、,;"):
        end += 1
    while end >= least and not run.whole(0, end):
        end -= 1
    return end if end >= least and not _MONEY.match(run.after(end)) else 0


# --- Telephones ---------------------------------------------------------------------------------

_BEFORE_MOBILE = ((0, 0, 8, 6), (8, 6), (0,), ())
_AREA = re.compile(r"(?:(86)(?:10|2\d|[3-9]\d\d)|0(?:10|2\d|[3-9]\d\d))")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z-]{0,7}$")
_OPENS = frozenset("+＋(（[【")
_DASHES = frozenset("-—–―－")
_BEHIND_AREA = LIGHT | DOTS | frozenset("()（）[]【】/.")
_EXTENSION = re.compile(r"[\s,，]*(?:转|分机号?|ext\.?)[\s:：]*\d(?:\s?\d){0,5}", re.IGNORECASE)


def _phones(run: Run) -> Iterator[Found]:
    covered = 0
    for i in range(len(run.values) - 6):
        if i < covered or not run.edges[i]:
            continue
        for read in (_mobile, _landline, _bare):
            if end := read(run, i):
                covered = end
                first, stop = run.span(i, end)
                if read is not _mobile:
                    stop = max(stop, _extended(run, end))
                if run.values[i] in (8, 0) and run.reading.original[:first][-1:] in _OPENS:
                    first -= 1
                yield PHONE, (first, stop), _WHY[read]
                break


def _mobile(run: Run, i: int) -> int:
    for prefix in _BEFORE_MOBILE:
        start = i + len(prefix)
        end = start + 11
        if end > len(run.values) or run.values[i:start] != prefix or not run.edges[end]:
            continue
        if (
            run.values[start] != 1
            or not 3 <= run.values[start + 1] <= 9
            or X in run.values[start:end]
        ):
            continue
        # Behind a prefix the number may be glued to it; the ends are looked at from the prefix on.
        if not run.whole(i, end) or _MONEY.match(run.after(end)):
            continue
        if _called(run, i, _OF_OFFICER) or _OF_PLACE.search(run.before(i)):
            continue
        return 0 if run.glued(i, end) and _of_a_thing(run, i, end) else end
    return 0


def _of_a_thing(run: Run, i: int, end: int) -> bool:
    """Eleven digits of a ticket, of a contract (合同编号HT138…), or between 第 and 号."""
    before = run.before(i)
    letters = _PREFIX.search(before)
    return (
        _called(run, i, _OF_TICKET)
        or bool(letters and _OF_THING.search(before[: letters.start()]))
        or (before.endswith("第") and run.after(end).startswith("号"))
    )


def _landline(run: Run, i: int) -> int:
    number = run.number(i, min(i + 13, len(run.values)))
    area = _AREA.match(number)
    if not area or (area[1] and not run.before(i).endswith("+")):
        return 0
    local = i + area.end()
    for end in (local + 8, local + 7):
        if (
            end > len(run.values)
            or not run.edges[end]
            or not _LOCAL.fullmatch(number[local - i : end - i])
        ):
            continue
        gaps = run.gaps[i + 1 : end]
        if not all(gaps) and not (_groups(gaps, local - i - 1, bool(area[1])) or run.whole(i, end)):
            continue
        if any(_called(run, i, label) for label in (_OF_THING, _OF_OFFICER, _OF_OFFICE)):
            continue
        return 0 if _MONEY.match(run.after(end)) else end
    return 0


def _groups(gaps: tuple[str, ...], local: int, abroad: bool) -> bool:
    """The area code is one group; a dash, a blank, a bracket or a dot stands behind it, and only blanks and
    dashes further on."""
    code, behind, rest = gaps[2 * abroad : local], gaps[local], gaps[local + 1 :]
    return (
        not any(code) and set(behind) <= _BEHIND_AREA and all(c in LIGHT for g in rest for c in g)
    )


def _bare(run: Run, i: int) -> int:
    """Seven or eight digits that a word before them calls a telephone."""
    if i or not 2 <= run.values[0] <= 8 or not _called(run, 0, _OF_PHONE):
        return 0
    for end in (8, 7):
        if end <= len(run.values) and run.whole(0, end) and not _MONEY.match(run.after(end)):
            return end
    return 0


_WHY = {
    _mobile: "手机号码：1 开头十一位",
    _landline: "区号加七八位的固定电话",
    _bare: "前面写明是电话",
}


def _extended(run: Run, end: int) -> int:
    """Where the extension behind a landline ends in the original; 0 where there is none."""
    reading, spot = run.reading, run.spots[end - 1] + 1
    if found := _EXTENSION.match(reading.digits, spot):
        return reading.span(spot, found.end())[1]
    if end < len(run.values) and run.gaps[end].strip() in _DASHES:
        for stop in range(end + 1, min(end + 4, len(run.values)) + 1):
            if run.edges[stop]:
                return run.span(end, stop)[1]
    return 0


# --- Bank ---------------------------------------------------------------------------------------

_CARDS = re.compile(
    r"6[02589]\d{14,17}|955\d{13,16}|4\d{15}|5[1-5]\d{14}|35(?:2[89]|[3-8]\d)\d{12}"
)


def _accounts(run: Run) -> Iterator[Found]:
    covered = 0
    for i in range(len(run.values) - 15):
        if i < covered or not run.edges[i] or run.values[i] not in (3, 4, 5, 6, 9):
            continue
        for end in range(min(i + 19, len(run.values)), i + 15, -1):
            number = run.number(i, end)
            if not run.whole(i, end) or not _CARDS.fullmatch(number) or not luhn.is_valid(number):
                continue
            if not _called(run, i, _OF_THING) and not _called(run, i, _OF_CODE):
                covered = end
                yield CARD, run.span(i, end), "银行卡号：卡头和校验位都对"
                break
    personal = not covered and not _OF_STATE.search(run.before(0)) and not _mobile(run, 0)
    if personal and (end := _labelled(run, _OF_BANK, 8, 30)):
        yield CARD, run.span(0, end), "前面写明是卡号或者账号"


# --- Passports and permits ----------------------------------------------------------------------

_PAPER = re.compile(r"(?:[EGDSPHMCWTL]\d{8}|[HM]\d{10}|[EC][A-Z]\d{7})", re.IGNORECASE)


_LETTERS = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?:[-_\s]{0,2}[A-Za-z])?[-_\s]{0,2}$")


def _passports(run: Run) -> Iterator[Found]:
    """One or two letters, seven to ten digits, nothing glued to either end."""
    text, spot = run.reading.text, run.spots[0]
    found = _LETTERS.search(text, max(0, spot - 8), spot)
    if found is None:
        return
    first, letters = found.start(), "".join(c for c in found[0] if c.isalpha())
    for end in (10, 8, 7):
        if (
            end > len(run.values)
            or not run.whole(0, end)
            or not _PAPER.fullmatch(letters + run.number(0, end))
        ):
            continue
        after = text[run.spots[end - 1] + 1 : run.spots[end - 1] + 2]
        if after.isascii() and (after.isalpha() or after == "_"):
            continue  # part of a longer word, or of a page's address
        if not _OF_THING.search("".join(text[max(0, first - 40) : first].split())):
            start, stop = run.reading.span(first, run.spots[end - 1] + 1)
            yield PASSPORT, (start, stop), "护照、通行证的字母和位数"
        return


_RESIDENT = re.compile(
    r"(?<![A-Za-z])[A-Z]{3}\d{4}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{2}(?!\d)"
)


_TAIL = re.compile(
    r"身份证[^，。；]{0,6}(?:尾号|[后末][四五六456]位)[^，。；\d]{0,4}(\d{3,5}[\dXx])(?!\d)"
)


def _permits(reading: Reading) -> Iterator[Found]:
    """The first form of a foreigner's permanent residence card (three letters, twelve digits), and the last
    digits of an identity number, which with a name and a place are enough to know whose it is."""
    tight = reading.tight
    for found in _RESIDENT.finditer(tight.capitals):
        yield ID, tight.span(*found.span()), "外国人永久居留身份证号码"
    for found in _TAIL.finditer(tight.digits):
        yield ID, tight.span(*found.span(1)), "身份证号码的末几位"


_NAMED = re.compile(
    r"(?:护照|(?:港澳|台湾|内地|大陆|居民)[^，。；]{0,12}通行证|回乡证|台胞证|居留许可|签证)(?:号码|号|编号|件号|为|是|系|[：:（(“\"])*"
    r"([A-Za-z0-9](?:[-_./ ]?[A-Za-z0-9]){5,11})(?![A-Za-z0-9])"
)


def _named_papers(reading: Reading) -> Iterator[Found]:
    tight = reading.tight
    for found in _NAMED.finditer(tight.digits):
        if sum(c.isdigit() for c in found[1]) >= 5:
            yield PASSPORT, tight.span(*found.span(1)), "前面写明是护照或者通行证"
