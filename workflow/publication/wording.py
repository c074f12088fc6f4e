"""人的情况 — what leads to a person and is known by the words around it: mail, accounts, plates, home, birth, name.

A home is a place that somebody lives in: a room always; a unit, unless the words behind it put the act outside
(门前, 楼下); a building, a lane or a street number only after a word of living (住, 户籍, 居住). So “示例路 12 号门前”
stays, being where the act took place. Rooms of offices, shops and courts are no homes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from workflow.publication.numbers import Found
from workflow.publication.undisguised import Reading

EMAIL, ACCOUNT, PLATE, HOME, BIRTH, NAME = (
    "电子邮箱", "微信/QQ号", "车牌号码", "详细住址", "出生日期", "姓名",
)  # fmt: skip


def wording(reading: Reading) -> Iterator[Found]:
    """Everything of a person that words give away; what overlaps is left to the caller."""
    yield from _emails(reading)
    yield from _accounts(reading)
    yield from _plates(reading)
    yield from _homes(reading)
    yield from _births(reading)


# --- Electronic mail and accounts -----------------------------------------------------------------

_AT = re.compile(r"[@#]|[(（\[【<#]\s?(?:at|艾特)\s?[)）\]】>#]|\sat\s|艾特", re.IGNORECASE)
_LOCAL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
_OPENS_DOMAIN = re.compile(r"\s{0,3}[A-Za-z0-9]")
_DOT = r"(?:[.。]|[(（\[](?:dot|点)[)）\]]|点)"
_DOMAIN = re.compile(
    rf"[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{0,4}}?{_DOT}"
    r"(?:com\.cn|net\.cn|org\.cn|gov\.cn|com|cn|net|org|edu|gov|cc|me|io|info|vip|top|xyz|[A-Za-z]{2,6})"
    r"(?![A-Za-z0-9-]|\.[A-Za-z])",
    re.IGNORECASE,
)


def _emails(reading: Reading) -> Iterator[Found]:
    """An address as it is, else one with blanks in it."""
    for found in _AT.finditer(reading.text):
        if not _OPENS_DOMAIN.match(reading.text, found.end()):
            continue
        for tight in (False, True):
            there = _around(reading, found.start(), found.end(), tight=tight)
            if there:
                yield EMAIL, there, "电子邮箱的写法"
                break


def _around(reading: Reading, at: int, end: int, *, tight: bool) -> tuple[int, int] | None:
    """The address whose @ stands here: its two ends in the original."""
    left = _kept(reading.text, range(max(0, at - 130), at), tight)
    right = _kept(reading.text, range(end, min(len(reading.text), end + 260)), tight)
    head = "".join(reading.text[k] for k in left)
    local = _LOCAL.search(head) or _LOCAL.search("".join(reading.digits[k] for k in left))
    domain = _DOMAIN.match("".join(reading.text[k] for k in right))
    if not local or not domain:
        return None
    return reading.span(left[local.start()], right[domain.end() - 1] + 1)


def _kept(text: str, places: range, tight: bool) -> list[int]:
    """Without the blanks; an address that has none is read with only those at the @ itself left out."""
    if tight:
        return [k for k in places if not text[k].isspace()]
    kept = list(places)
    ends = (-1, 0)
    for end in ends:
        while kept and text[kept[end]].isspace():
            kept.pop(end)
    return kept


_IS = r"(?:账号|帐号|账户|昵称|号码|号|id|为|是|系|[：:=（(“\"'【\[])*"
_CHAT = re.compile(
    rf"(?:微信|weixin|wechat|(?<![A-Za-z])[vw]x|(?<![A-Za-z])v信|加v|薇信|支付宝|抖音|快手|微博|小红书){_IS}"
    r"((?:wxid_)?[A-Za-z][-_A-Za-z0-9]{5,19})",
    re.IGNORECASE,
)
_CHAT_DIGITS = re.compile(
    rf"(?:(?:微信|weixin|wechat|(?<![A-Za-z])[vw]x|[vV]信|薇信|支付宝|抖音|快手|微博|小红书)(?:账号|帐号|号码|号|id|[：:])"
    rf"|(?<![A-Za-z])QQ群?|(?<![A-Za-z])Q(?=[：:])|扣扣|企鹅号?){_IS}(\d(?:[-_.]?[\dOolI]){{4,11}})(?![\d年月日元万.]\d?)",
    re.IGNORECASE,
)


def _accounts(reading: Reading) -> Iterator[Found]:
    tight = reading.tight
    for found in _CHAT.finditer(tight.text):
        yield ACCOUNT, tight.span(*found.span(1)), "前面写明是微信等账号"
    for found in _CHAT_DIGITS.finditer(tight.digits):
        yield ACCOUNT, tight.span(*found.span(1)), "前面写明是QQ、微信等号码"


# --- Plates -------------------------------------------------------------------------------------

_PLATE = re.compile(
    r"(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"|(?:车牌号?码?|号牌号?码?|牌照号?|车号)[：:为是（(“]*[\u4e00-\u9fff])"
    r"[A-Z](?:[-_./。]?[A-Z0-9]){4,6}[挂学警港澳领]?"
)
_SERIAL = re.compile(
    r"[A-HJ-NP-Z0-9OI]{5}|[A-HJK][A-Z0-9]\d{4}|\d{5}[A-HJK]|[A-Z0-9]{4}[挂学警港澳领]"
)


def _plates(reading: Reading) -> Iterator[Found]:
    tight = reading.tight
    text = tight.capitals
    for found in _PLATE.finditer(text):
        first = re.search(r"[\u4e00-\u9fff][A-Z]", found[0])
        if first is None:
            continue
        start = found.start() + first.start()
        for end in range(min(len(text), found.end() + 1), start + 6, -1):
            serial = re.sub(r"[-_./。]", "", text[start + 2 : end])
            if not _SERIAL.fullmatch(serial) or not any(c.isdigit() for c in serial):
                continue
            if not _glued_on(tight, end):
                yield PLATE, tight.span(start, end), "车牌号码的写法"
                break


def _glued_on(tight: Reading, end: int) -> bool:
    """A letter or digit of the same word goes on where this ends."""
    if end >= len(tight.text) or not (tight.text[end].isascii() and tight.text[end].isalnum()):
        return False
    return tight.places[end] - tight.places[end - 1] == 1


# --- Homes --------------------------------------------------------------------------------------

_N = r"[0-9A-Za-z十百甲乙丙丁]{1,6}"
_BUILDING = rf"{_N}(?:号楼|号院|号公寓|栋|幢|座|楼|#楼?)"
_UNIT = rf"{_N}(?:单元|门)"
_ROOM = rf"(?:{_N}(?:室|房|号房|号室)|\d{{3,4}}号?(?=$|[，。；、,;（()）的内家业住居]))"
_ROOMS = re.compile(
    rf"{_BUILDING}(?:[-—]?{_BUILDING})?[-—]?(?:{_UNIT})?[-—]?(?:{_N}层)?[-—]?{_ROOM}"
    rf"|{_UNIT}(?:{_N}层)?{_ROOM}"
    r"|(?<=[区里园苑村寓院坊邸庭府湾城])\d{1,3}[-—]\d{1,2}[-—]\d{3,4}(?![\d-])"
    r"|(?<=[区园苑寓])\d{3,4}室"
)
_DOOR = re.compile(rf"(?:{_BUILDING})?{_UNIT}|(?<=[村屯庄寨]){_N}(?:组|队|排){_N}号")
_NUMBERED = re.compile(
    rf"{_N}(?:号|栋|幢|座|组|队|排)(?:院|楼)?(?:之\d{{1,2}})?(?:{_N}(?:号|单元|门|层))?"
)
_LIVING = (
    r"(?:家庭住址|住址|住所地?|户籍所在地|户籍地址|户籍地|户籍|户口所在地|居住(?:在|于|地)?|通讯地址|送达地址|"
    r"身份证上?地址|住在|住于|家在|住(?![建宅房户宿院所址]))"
)
_LIVES = re.compile(rf"{_LIVING}[于在为是系：:（(“]*$")
_HEAD = re.compile(rf"[^\w]|{_LIVING}[为是系]?|地址[为是系]?|位于|坐落于|[在于对]")
_SITS = re.compile(
    r"(?:公司|厂|店|社|部|中心|机关|政府|法院|局|厅|委|会|院|所|站|行)[（(，,、的]*"
    r"(?:住所地?|地址|办公地[址点]|位于|设在)"
    r"|经营(?:场所|地址|地点)|营业(?:场所|地址)|注册地址?|办公(?:地址|地点|室)|邮寄至|本机关"
)
_BUSINESS = re.compile(
    r"大厦|写字楼|商务|商场|商铺|底商|广场|门市|市场|产业园|工业园|科技园|机关|法院|政府|中心|会议|办公|接待|"
    r"调解|审判|询问"
)
_OUTSIDE = re.compile(
    r"\d{1,4}户|各户|全体|的?(?:[东西南北前后旁侧外与至和、处井杆桩]|门[前口外]|楼[下前后顶道梯]|对面|附近|周边|屋顶|天台|之间|地下|底商|商铺|"
    r"走廊|电梯|公共|绿地|门面|工地|施工|建设|项目|地块|路口|路段|摊|入口|出口)"
)


def _homes(reading: Reading) -> Iterator[Found]:
    tight = reading.tight
    text = tight.digits
    for found in _ROOMS.finditer(text):
        begin = _beginning(text, found.start())
        if not _of_business(text, begin, found.end()):
            yield HOME, tight.span(begin, found.end()), "写到了房间的住处"
    for found in _DOOR.finditer(text):
        begin, end = _beginning(text, found.start()), found.end()
        if _OUTSIDE.match(text, end) or _of_business(text, begin, end):
            continue
        if not found[0].endswith("门") or _lived_in(text, begin):
            yield HOME, tight.span(begin, end), "写到了单元或者门牌的住处"
    for found in _NUMBERED.finditer(text):
        begin = _beginning(text, found.start())
        if _lived_in(text, begin) and not _OUTSIDE.match(text, found.end()):
            yield HOME, tight.span(begin, found.end()), "前面写明是住处，写到了门牌"


def _beginning(text: str, place: int) -> int:
    """Where the place begins that a number closes: behind the last sign or word that leads to it."""
    begin = max(0, place - 30)
    for found in _HEAD.finditer(text, begin, place):
        begin = found.end()
    return begin


def _lived_in(text: str, begin: int) -> bool:
    """The words right before a place say that somebody lives there, not that an organisation sits there."""
    low = max(0, begin - 20)
    return bool(_LIVES.search(text[low:begin])) and not _SITS.search(text, low, begin)


def _of_business(text: str, begin: int, end: int) -> bool:
    """The room of an office or a shop: the place itself says so, or the words that lead to it."""
    low = max(0, begin - 20)
    sentence = max(text.rfind(mark, low, begin) for mark in "。；") + 1
    return bool(_BUSINESS.search(text, begin, end) or _SITS.search(text, max(sentence, low), begin))


# --- Birth --------------------------------------------------------------------------------------

_DATE = r"(?:19|20)\d\d[-年./]?(?:1[0-2]|0?[1-9]|十[12]?)(?:[-月./]?(?:3[01]|[12]\d|0?[1-9]|[23]?十\d?)[日号]?|月)"
_BORN = re.compile(
    rf"(?:出生(?:日期|年月日?|时间)?|生日|生于)(?:[于为是系：:（(“\"]|\s)*({_DATE})"
    rf"|({_DATE})[）)]?(?:出生|生(?![产效活成态火意育物长病死鲜计变存理动平还])|(?=[，,、]?[\u4e00-\u9fff]{{1,4}}族))"
)


def _births(reading: Reading) -> Iterator[Found]:
    tight = reading.tight
    for found in _BORN.finditer(tight.digits):
        yield BIRTH, tight.span(*found.span(1 if found[1] else 2)), "写明是出生的日期"


# --- Names --------------------------------------------------------------------------------------

_APART = 5
"""Characters that may stand between two of a name: a blank, a sign, a line's end and its indent."""


def names(reading: Reading, people: Iterable[tuple[str, str]]) -> Iterator[Found]:
    """The names of people of the file, with whatever was put between their characters."""
    letters = reading.letters
    for name, role in people:
        sought = Reading.of(name).letters.text
        if len(sought) < (4 if sought.isascii() else 2) or "某" in sought:
            continue
        at = letters.text.find(sought)
        while at >= 0:
            end = at + len(sought)
            if _together(reading, letters, at, end) and not _inside_word(letters, at, end):
                yield NAME, letters.span(at, end), f"{role}的姓名"
            at = letters.text.find(sought, at + 1)


def _together(reading: Reading, letters: Reading, at: int, end: int) -> bool:
    places = letters.places[at:end]
    for left, right in pairwise(places):
        between = reading.original[left + 1 : right]
        if len(between) > _APART * 8 or len(Reading.of(between).text) >= _APART:
            return False
    return True


def _inside_word(letters: Reading, at: int, end: int) -> bool:
    """A Latin name inside a longer Latin word is not the name."""
    for left, right in ((at - 1, at), (end - 1, end)):
        if left < 0 or right >= len(letters.text):
            continue
        latin = (letters.text[left] + letters.text[right]).isascii()
        if latin and letters.places[right] - letters.places[left] == 1:
            return True
    return False
