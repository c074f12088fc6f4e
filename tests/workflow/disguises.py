"""Paragraphs of case prose with identifiers planted in them, each in a disguise, and clean ones beside them.

Everything is made here, the same at every run: no number belongs to anybody (the counties are real, the
rest is drawn and its check digit reckoned).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workflow.publication.disguised import Known

PEOPLE = [
    Known("王建国", "当事人"),
    Known("李四", "证人"),
    Known("欧阳明月", "投诉举报人"),
    Known("阿卜杜拉·买买提", "当事人"),
    Known("John Smith", "证人"),
    Known("赵小宝", "未成年人"),
]


@dataclass(frozen=True)
class Planted:
    """A paragraph in which `text[start:end]` is an identifier of this kind, written in this disguise."""

    text: str
    kind: str
    start: int
    end: int
    disguise: str


# --- Numbers ------------------------------------------------------------------------------------

COUNTIES = (
    "120110",
    "120115",
    "110101",
    "440305",
    "310115",
    "370202",
    "230103",
    "650102",
    "810000",
    "830000",
)


def identity(dice: random.Random) -> str:
    """Eighteen digits, the last one reckoned (GB 11643)."""
    day = f"{dice.randint(1940, 2007)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    head = dice.choice(COUNTIES) + day + f"{dice.randint(0, 999):03}"
    rest = sum(
        int(d) * w
        for d, w in zip(head, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return head + "10X98765432"[rest % 11]


def wrong_identity(dice: random.Random) -> str:
    right = identity(dice)
    return right[:17] + str((int(right[17].replace("X", "0")) + 1) % 10)


def old_identity(dice: random.Random) -> str:
    number = identity(dice)
    return number[:6] + f"{dice.randint(30, 85)}" + number[10:17]


def mobile(dice: random.Random) -> str:
    return f"1{dice.randint(3, 9)}{dice.randint(0, 999999999):09}"


def card(dice: random.Random) -> str:
    """Nineteen or sixteen digits of a UnionPay card, the last one reckoned (Luhn)."""
    head = "62" + "".join(str(dice.randint(0, 9)) for _ in range(dice.choice((13, 16))))
    doubled = (int(d) * (2 - k % 2) for k, d in enumerate(reversed(head)))
    return head + str(-sum(d - 9 * (d > 9) for d in doubled) % 10)


def landline(dice: random.Random) -> str:
    area, size = dice.choice((("022", 8), ("010", 8), ("0532", 8), ("0371", 8), ("0898", 7)))
    return (
        area + str(dice.randint(2, 8)) + "".join(str(dice.randint(0, 9)) for _ in range(size - 1))
    )


# --- Disguises of digits ------------------------------------------------------------------------

Disguise = Callable[[random.Random, str], str]


def _by(table: str) -> Disguise:
    """Each digit by the character at its place; X stays."""
    return lambda dice, number: "".join(table[int(c)] if c.isdigit() else c for c in number)


def _between(*signs: str) -> Disguise:
    return lambda dice, number: "".join(
        c if k == 0 else dice.choice(signs) + c for k, c in enumerate(number)
    )


def _grouped(sign: str) -> Disguise:
    def groups(dice: random.Random, number: str) -> str:
        parts = [number[:3], number[3:7], number[7:11], number[11:]]
        return sign.join(part for part in parts if part)

    return groups


def _broken(dice: random.Random, number: str) -> str:
    at = dice.randint(3, len(number) - 3)
    return f"{number[:at]}\n　　{number[at:]}"


def _letters(dice: random.Random, number: str) -> str:
    return number.replace("0", dice.choice("Oo")).replace("1", dice.choice("lI"))


def _check(dice: random.Random, number: str) -> str:
    return number.replace("X", dice.choice("xХ×χⅩＸ"))


_TABLES = (
    "0123456789",
    "０１２３４５６７８９",
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "⓪①②③④⑤⑥⑦⑧⑨",
)

SCRIPTS: dict[str, Disguise] = {
    "as it is": lambda dice, number: number,
    "full-width": _by("０１２３４５６７８９"),
    "numerals": _by("〇一二三四五六七八九"),
    "formal numerals": _by("零壹贰叁肆伍陆柒捌玖"),
    "circled": _by("⓪①②③④⑤⑥⑦⑧⑨"),
    "bracketed": _by("0⑴⑵⑶⑷⑸⑹⑺⑻⑼"),
    "mathematical": _by("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    "Arabic": _by("٠١٢٣٤٥٦٧٨٩"),
    "letters": _letters,
    "a script each": lambda dice, number: "".join(
        dice.choice(_TABLES)[int(c)] if c.isdigit() else c
        for c in number
    ),
}  # fmt: skip
UNSEEN: dict[str, Disguise] = {
    "zero-width": _between("\u200b", "\u200d", "\ufeff", "\u2060"),
    "soft hyphens": _between("\u00ad"),
    "marks": lambda dice, number: "".join(
        c + dice.choice("\u0335\u0336\u0332\u20e3") for c in number
    ),
}
PARTED: dict[str, Disguise] = {
    "spaces": _between(" ", "\u3000", "\u00a0"),
    "dashes": _between("-", "－", "—"),
    "middle dots": _between("·", "•"),
    "dots": _between("."),
    "anything": _between(" ", "-", "·", ".", "/", "、", "_", "*", "\n", " - "),
    "groups by blanks": _grouped(" "),
    "groups by dashes": _grouped("-"),
    "groups by middle dots": _grouped("·"),
    "a line's end": _broken,
}
DIGITS: dict[str, Disguise] = SCRIPTS | UNSEEN | PARTED | {"check digit": _check}


def composed(dice: random.Random, number: str) -> tuple[str, str]:
    """A script, and one thing between the digits, and one that is not to be seen."""
    script, parted, unseen = (dice.choice(list(d)) for d in (SCRIPTS, PARTED, UNSEEN))
    written = SCRIPTS[script](dice, _check(dice, number))
    return UNSEEN[unseen](dice, PARTED[parted](dice, written)), f"{script} + {parted} + {unseen}"


# --- Disguises of words -------------------------------------------------------------------------


def _inside(sign: str) -> Disguise:
    return lambda dice, text: sign.join(text)


def _wide(dice: random.Random, text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _han(dice: random.Random, text: str) -> str:
    return _by("〇一二三四五六七八九")(dice, text)


WORDS: dict[str, Disguise] = {
    "as it is": lambda dice, text: text,
    "full-width": _wide,
    "spaces": _inside(" "),
    "zero-width": _inside("\u200b"),
    "soft hyphens": _inside("\u00ad"),
    "marks": lambda dice, text: "".join(c + "\u0336" for c in text),
}

# --- Prose --------------------------------------------------------------------------------------

HOLDERS: dict[str, tuple[str, ...]] = {
    "身份证件号码": (
        "当事人王某，身份证号：{}，在示例路与向阳街交口占用便道摆卖水果。",
        "经核对，王某（公民身份号码{}）系该建筑垃圾运输车辆的驾驶人。",
        "2025年3月12日9时20分，执法人员对李某（{}）进行询问并制作笔录。",
        "上述违法事实有当事人居民身份证复印件（号码为{}）、现场照片两张为证。",
        "罚款已由陈某代缴，陈某证件号码{}，收据号0012345。",
    ),
    "电话号码": (
        "投诉人反映，夜间施工噪声扰民，联系电话：{}。",
        "当事人王某{}称其不知道需要办理渣土运输核准手续。",
        "执法人员拨打{}通知当事人到场，当事人于当日15时到达现场。",
        "证人刘某（手机{}）证明上述树木系当事人所砍。",
    ),
    "银行卡号/账号": (
        "当事人将违法所得3200元转入{}，执法人员调取了流水。",
        "退还多缴罚款时，由当事人提供银行卡{}。",
        "当事人收取摊位费的账户为：{}。",
    ),
    "护照/港澳台通行证号码": (
        "当事人系外籍人员，持护照{}，在示例公园内露天烧烤。",
        "当事人系香港居民（{}），其委托代理人到场接受询问。",
    ),
    "车牌号码": (
        "当事人驾驶{}重型自卸货车运输建筑垃圾，未采取密闭措施，沿途遗撒约12平方米。",
        "经查，车牌号为{}的车辆在示例路由东向西行驶时沿途泄漏泥浆。",
    ),
    "电子邮箱": (
        "当事人同意电子送达，邮箱为{}。",
        "举报材料由{}发送至本机关。",
    ),
    "微信/QQ号": (
        "当事人通过微信号{}招揽建筑垃圾清运业务，每车收取300元。",
        "当事人在网上发布代办广告，微信：{}，现场查获印章一枚。",
    ),
    "详细住址": (
        "当事人王某住{}，现年四十余岁。",
        "当事人王某，住址：{}。经查，当事人在楼顶搭建简易房18平方米。",
        "文书已送达当事人住所（{}），由其同住成年家属签收。",
    ),
    "出生日期": (
        "当事人王某，男，汉族，{}出生，高中文化。",
        "当事人李某，出生日期：{}，无业。",
    ),
    "姓名": (
        "证人{}证明当事人于当日夜间倾倒渣土两车。",
        "执法人员向{}出示执法证件，告知其权利义务。",
        "上述事实由{}的证言、现场勘验笔录证实。",
    ),
}  # fmt: skip

HOMES = (
    "示例小区3号楼2单元501室", "幸福里12号楼3门402室", "和平家园5栋1单元1203", "示例苑3-2-501", "阳光花园8号楼601室",
    "示例村3组45号", "示例路12号院6号楼2单元",
)  # fmt: skip
BIRTHS = ("1986年3月12日", "1990年1月1日", "1975年12月", "1968-05-06", "1990.11.23")
ADDRESSES = (
    "zhang.san@163.com",
    "wang_88@qq.com",
    "lisi2020@example.com.cn",
    "13800138000@139.com",
)
CHATS = ("zhang_san1990", "wxid_ab12cd34ef", "JianZhuQingYun-8")
PLATES = ("津A12345", "津C8D967", "京AD12345", "冀B6K88挂", "粤Z1234港", "津A12345D", "鲁B9T38学")
PAPERS = ("E12345678", "EA1234567", "H12345678", "M1234567890", "G01234567")
SHORT_FORMS = (
    "022-23456789转801", "（022）23456789", "022-2345 6789-12", "0532 8888 1234 分机 6",
    "+86 13800138000", "+86 22 2345 6789", "８６－１３８００１３８０００",
)  # fmt: skip
SIGNS = (
    "王·建·国", "王 建\n国", "王.建.国", "王*建*国", "王”“建”“国", "王（建）国", "王、建、国", "李-四", "欧阳｜明月",
    "阿卜杜拉买买提", "JOHN SMITH", "Ｊｏｈｎ Ｓｍｉｔｈ", "John-Smith",
)  # fmt: skip
NAMES = [p.name for p in PEOPLE]


def planted() -> list[Planted]:
    """Every kind in every disguise that suits it, in paragraphs that change."""
    dice = random.Random(20250312)
    turn: dict[str, int] = {}
    made: list[Planted] = []

    def plant(kind: str, written: str, disguise: str, holder: str | None = None) -> None:
        turn[kind] = turn.get(kind, -1) + 1
        holder = holder or HOLDERS[kind][turn[kind] % len(HOLDERS[kind])]
        start = holder.index("{}")
        made.append(
            Planted(holder.replace("{}", written), kind, start, start + len(written), disguise)
        )

    for name, disguise in DIGITS.items():
        for number in (identity(dice), identity(dice)):
            plant("身份证件号码", disguise(dice, number), name)
        plant("电话号码", disguise(dice, mobile(dice)), name)
        plant("电话号码", disguise(dice, mobile(dice)), f"{name}, bare", "承运人王某，{}，已到场。")
        if not name.startswith("groups"):
            plant("电话号码", disguise(dice, landline(dice)), f"{name}, landline")
        plant("银行卡号/账号", disguise(dice, card(dice)), name)
        if name not in PARTED:
            plant("微信/QQ号", disguise(dice, "812345678"), f"{name}, QQ", "联系QQ：{}。")
    for _ in range(60):
        plant("身份证件号码", *composed(dice, identity(dice)))
    for _ in range(40):
        plant("电话号码", *composed(dice, mobile(dice)))
    for name in ("as it is", "full-width", "numerals", "spaces", "zero-width"):
        label = "当事人身份证号码：{}。"
        plant("身份证件号码", DIGITS[name](dice, wrong_identity(dice)), f"{name}, wrong", label)
        plant("身份证件号码", DIGITS[name](dice, old_identity(dice)), f"{name}, old", label)
        plant("身份证件号码", DIGITS[name](dice, "1201101990010"), f"{name}, cut short", label)
    for written in SHORT_FORMS:
        plant("电话号码", written, "short forms")
    plant("电话号码", "23456789转801", "no area code", "联系电话：{}。")
    for name, disguise in WORDS.items():
        for kind, all_written in (
            ("详细住址", HOMES), ("出生日期", BIRTHS), ("电子邮箱", ADDRESSES), ("微信/QQ号", CHATS),
            ("车牌号码", PLATES), ("护照/港澳台通行证号码", PAPERS), ("姓名", NAMES),
        ):  # fmt: skip
            for written in all_written:
                plant(kind, disguise(dice, written), name)
    for home in HOMES:
        plant("详细住址", _han(dice, home), "numerals")
    for born in BIRTHS[:3]:
        plant("出生日期", _han(dice, born), "numerals")
    for at in ("(at)", "[at]", " at ", "＠", "（艾特）", "#"):
        plant("电子邮箱", f"zhangsan{at}qq.com", at)
    for plate in (
        "津A·12345",
        "津 A 1 2 3 4 5",
        "津Ａ－１２３４５",
        "津A一二三四五",
        "津A。12345",
        "津A·D12345",
    ):
        plant("车牌号码", plate, "plate")
    for written in SIGNS:
        plant("姓名", written, "signs")
    return made


# --- Clean --------------------------------------------------------------------------------------

_OPENINGS = (
    "2025年3月12日9时20分，本机关执法人员巡查时发现，",
    "2025年1月6日，12345热线转办工单（编号：2025010600123456）反映，",
    "根据《天津市市容和环境卫生管理条例》第二十条第（三）项的规定，经查明，",
    "接群众举报，本机关于2024-11-14立案调查（示街立〔2024〕60033号），查明：",
    "经现场勘验并拍摄照片12张、录像1段（时长00:12:35），查明：",
)
_FACTS = (
    "当事人王某在示例路12号门前便道上摆卖蔬菜，占用面积3.5×2.4米，共8.4平方米。",
    "示例市示例建筑工程有限公司（统一社会信用代码：91440101MA5D7WXX3J）在示例路与向阳街交口施工，未设置围挡，裸土约120m³。",
    "当事人未采取密闭措施运输砂土，沿途遗撒长约150米、宽1.2米，污染路面180平方米。",
    "当事人在某小区3号楼2单元门前绿地上私设地锁3处，涉及绿地面积约6平方米。",
    "当事人杜某在尔王庄镇西杜庄村西侧露天焚烧秸秆，火点坐标为东经117.412345678，北纬39.512345678。",
    "当事人在示例小区5号楼东侧搭建彩钢房一处，建筑面积25.6平方米，未取得建设工程规划许可证。",
    "当事人持有的《城市建筑垃圾处置核准》（证号：津城管渣准字2024第0123号）已于2024年12月31日到期。",
    "执法人员张某（执法证号：02010112345）、刘某（执法证号：02010112346）出示执法证件后进行检查。",
    "执法人员（执法证号：13020123456、13020123457）制作现场检查笔录，编号为XJ2025031200017。",
    "当事人于夜间22时至次日6时施工，经检测噪声为昼间68.5dB(A)、夜间61.2dB(A)，检测报告编号JC-2025-0312-0045。",
    "当事人擅自砍伐胸径23厘米的国槐4株（编号0012、0013、0014、0015），价值人民币12,800.00元。",
    "当事人经营的示例街早餐店（个体工商户）将餐厨废水排入雨水井，井号Y-1203。",
    "当事人将建筑垃圾38.4吨倾倒在示例村北侧坑塘，共计13车，每车约2.95吨。",
    "当事人设置的户外广告牌长12.5米、高3.2米，距地面4.5米，共2块，位于示例大厦A座1201室外墙。",
    "当事人占用示例路公共停车泊位3个（泊位号100123、100124、100125）堆放建材。",
    "涉案房屋位于示例路12号底商，建筑面积86.35平方米，不动产权证号：津（2021）示例区不动产权第1012345号。",
)
_ENDS = (
    "以上行为违反了《中华人民共和国固体废物污染环境防治法》第七十四条第二款，处罚款人民币20000元（大写：贰万元整）。",
    "依据《城市绿化条例》第二十七条第一项，本机关决定处罚款壹仟贰佰叁拾元整，限15日内缴至指定银行，缴款码20250312000012345678。",
    "本机关于2025年3月18日送达《行政处罚事先告知书》（示街罚先告〔2025〕001号），当事人在5日内未提出陈述、申辩。",
    "当事人已于2025-03-20 10:30:15改正，经复查属实，案件编号120110202503150017。",
    "如不服本决定，可在六十日内申请行政复议，或者在六个月内起诉；咨询电话12345，举报电话12315、110。",
    "上述罚款缴至天津市农商银行示例支行财政专户，账号02030405060708090，逾期每日按百分之三加处罚款。",
    "参照案号（2024）津0115行初123号判决，酌定罚款一万二千元；没收违法所得13,800,138.00元的请求不予采纳。",
    "本机关地址：示例路8号3楼302室，当事人应于2025年4月1日9时到该处接受询问。",
    "证据：现场照片4张、询问笔录2份、视频（SHA-256前八位3f2a91bc）、称重单号0098123、营业执照复印件。",
    "快递单号EMS1234567890123于2025年3月19日签收，邮政编码300450，挂号信函收据号98765432101。",
)  # fmt: skip


def clean() -> Iterator[str]:
    """Each fact with two openings and two ends: 160 and more paragraphs that name nobody."""
    for k, fact in enumerate(_FACTS):
        for step in range(10):
            opening = _OPENINGS[(k + step) % len(_OPENINGS)]
            yield f"{opening}{fact}{_ENDS[(k * 3 + step) % len(_ENDS)]}"
