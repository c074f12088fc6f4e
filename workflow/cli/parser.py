"""What can be typed after `fashen`, and the help that says so."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from policies.calendar import Span
from workflow import __version__
from workflow.cli import (
    board,
    cases,
    cleaning,
    days,
    deadlines,
    delegate,
    demo,
    install,
    law,
    lawtexts,
    layout,
    ledger,
    messages,
    publish,
    scenarios,
    serve,
    sweeping,
)
from workflow.cli.common import nearest
from workflow.scopes import MEANS, SCOPES
from workflow.upcoming import AHEAD, window


class _Help(argparse.HelpFormatter):
    """Help in Chinese, its lines broken where Chinese may be broken."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def format_help(self) -> str:
        self._action_max_length += 2  # the names of commands stand two columns further in
        return super().format_help()

    def _split_lines(self, text: str, width: int) -> list[str]:
        return layout.wrap(text, width)


_SAID = (
    (r"the following arguments are required: (.+)", "没有写 {0}"),
    (r"unrecognized arguments: (.+)", "不认识 {0}"),
    (r"argument (\S+): expected one argument", "{0} 后面要写一个值"),
    (r"argument (\S+): invalid \w+ value: '(.*)'", "{0} 要写成整数，写的是“{1}”"),
    (r"argument (\S+): (.+)", "{0} {1}"),
)
"""What argparse says, and what we say."""

_CHOICE = re.compile(r"argument \S+: invalid choice: '(.*)' \(choose from (.*)\)", re.DOTALL)


class _Parser(argparse.ArgumentParser):
    """Wrong usage exits with 2 and says what would be right."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given, add_help=False, formatter_class=_Help, allow_abbrev=False)
        self._positionals.title, self._optionals.title = "要写的", "可选的"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}：{_chinese(message)}。用 {self.prog} --help 查看用法。\n")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"要在 0 到 65535 之间，写的是 {port}")
    return port


def _ahead(text: str) -> Span:
    try:
        return window(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def _seconds(text: str) -> int:
    seconds = int(text)
    if not 1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"要在 1 到 3600 秒之间，写的是 {seconds}")
    return seconds


def _chinese(message: str) -> str:
    if found := _CHOICE.fullmatch(message):
        word, known = found[1], [k.strip(" '") for k in found[2].split(",")]
        return f"没有“{word}”，{nearest(word, known)}有：{'、'.join(known)}"
    for sign, said in _SAID:
        if found := re.fullmatch(sign, message, re.DOTALL):
            return said.format(*found.groups())
    return f"用法不对（{message}）"


def _utf8(arguments: Sequence[str]) -> None:
    """What was typed must be text; bytes that are not would fail later and less clearly."""
    for word in arguments:
        if not word.isprintable() and re.search(r"[\ud800-\udfff]", word):
            print("fashen：参数里有不是 UTF-8 的字符，请检查终端的编码。", file=sys.stderr)
            raise SystemExit(2)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    arguments = sys.argv[1:] if arguments is None else arguments
    _utf8(arguments)
    parser = _Parser(prog="fashen", description="法审：街道综合行政执法办案系统。")
    parser.add_argument(
        "--version", action="version", help="显示版本", version=f"fashen {__version__}"
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=_Parser
    )

    def command(
        name: str, run: Callable[[argparse.Namespace], Any], told: str, *, json: bool = False
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told)
        made.set_defaults(run=run)
        if json:
            made.add_argument("--json", action="store_true", help="输出一份 JSON")
        return made

    it = command("serve", serve.run, "启动网页、后台任务和定时任务（一个进程）")
    it.add_argument("--host", default="127.0.0.1", help="监听地址")
    it.add_argument("--port", type=_port, default=8000, help="端口；0 为任一空闲的端口")

    it = command(
        "sweep", sweeping.run, "巡查期限、发送待发：不用 Celery 的机关由 cron 或 systemd 运行"
    )
    it.add_argument(
        "--loop",
        type=_seconds,
        metavar="SECONDS",
        help="每隔这么多秒一次，直到被要求停止；不写则做一次",
    )

    it = command(
        "demo", demo.run, "演示：一件公开的处罚决定对照规则重走一遍，再依法办完一件", json=True
    )

    it = command("init", install.init, "建库并载入机关文件")
    it.add_argument("--office", default="sample", help="office.yaml 的路径，或 sample")

    it = command("scenario", scenarios.run, "在全新的机关里运行情景文件", json=True)
    it.add_argument("files", nargs="*", metavar="FILE", help="情景文件")
    it.add_argument("--verbs", action="store_true", help="列出全部动作、谁能办、表单")
    it.add_argument("--keep", action="store_true", help="把案件留在数据目录")

    it = command("do", cases.do, "办理一步", json=True)
    it.add_argument("verb", metavar="VERB", help="动作")
    it.add_argument("--case", help="案件编号或案号；新开案件不写")
    it.add_argument("--by", required=True, metavar="PERSON", help="谁来办")
    it.add_argument("--with", dest="form", default="{}", metavar="FILE|JSON", help="表单")
    it.add_argument("--at", help="发生时间，例如 2026-01-05 09:00；不写为现在")
    it.add_argument("--version", type=int, help="依据的步数；不写为最新")
    it.add_argument("--key", default="", help="防重复的编号")
    it.add_argument(
        "--excuse", action="append", default=[], metavar="规则=理由", help="对警示的书面理由"
    )
    it.add_argument(
        "--for",
        dest="on_behalf_of",
        default="",
        metavar="PERSON",
        help="代谁办理；受一人委托的可以不写",
    )
    it.add_argument("--irregular", default="", metavar="经过", help="作为不合规情况如实登记")
    it.add_argument("--dry-run", action="store_true", help="只判断，不办理")
    it.add_argument("--office", help="机关；只有一个时不写")

    delegate.add(
        command(
            "delegate",
            delegate.run,
            "委托：FROM 把办理的事托给 TO；list 列出，revoke 撤销",
            json=True,
        )
    )

    it = command("map", law.draw, "画出流程图（Mermaid）；--check 穷举证明", json=True)
    it.add_argument("--check", action="store_true", help="走遍每一种情形，证明不该发生的不会发生")
    it.add_argument(
        "name", nargs="?", metavar="FLOW",
        help="ordinary、summary，或者案件旁边的 measure、remedy、enforcement 等；不写为 ordinary",
    )  # fmt: skip
    it.add_argument("--flow", default="ordinary", help="同 FLOW")

    it = command("policies", law.policies, "按环节列出全部规则", json=True)
    it.add_argument("--coverage", action="store_true", help="逐条说明规则摘要各编号在何处落实")

    it = command("explain", cases.explain, "一件案件现在能办什么，不能办的为什么", json=True)
    it.add_argument("case", nargs="?", help="案件编号或案号；不写则列出全部案件")
    it.add_argument("--by", metavar="PERSON", help="以谁的身份看")
    it.add_argument("--office", help="机关；只有一个时不写")

    it = command("days", days.run, "数日子：2026-09-24 +5wd", json=True)
    it.add_argument("start", metavar="DATE", help="起算之日（不计入）")
    it.add_argument(
        "span",
        metavar="+N",
        help="+5wd 工作日，+90d 自然日，+6mo 月，+24h 小时；往前数写成 -- -5wd",
    )

    it = command("deadlines", deadlines.run, "列出正在计算的期限；--forecast 预告提醒", json=True)
    it.add_argument("--case", help="只看一件")
    it.add_argument("--person", metavar="PERSON", help="只看由这个人办的；预告只看会通知到这个人的")
    it.add_argument(
        "--due-within", type=_ahead, metavar="14d",
        help="只看多久之内届满的：14d 自然日、5wd 工作日、1mo 月；14 就是 14d",
    )  # fmt: skip
    it.add_argument(
        "--forecast", type=_ahead, nargs="?", const=AHEAD, metavar="14d",
        help="多久之内哪天提醒、黄牌、红牌，通知谁；不写多久为 14d",
    )  # fmt: skip
    it.add_argument("--office", help="机关；只有一个时不写")

    it = command("ledger", ledger.run, "大事记：verify 核验，export 导出，show 查看", json=True)
    it.add_argument("action", choices=["verify", "export", "show"], help="做什么")
    it.add_argument("file", nargs="?", help="verify：导出的文件；export：写到哪里；show：案件")
    it.add_argument(
        "--against", metavar="OLD", help="verify：与从前导出的文件相比，一条都不能少、不能变"
    )
    it.add_argument("--office", help="机关；只有一个时不写")

    it.add_argument(
        "--files", metavar="DIR", nargs="?", const="",
        help="verify：还要逐个字节核对证据文件；不写目录为本系统的，核对导出文件时写拷出来的目录",
    )  # fmt: skip

    it = command(
        "law", lawtexts.run, "法律文本：import 导入，show 查看，check 核对全部援引", json=True
    )
    it.add_argument("action", choices=["import", "show", "check"], help="做什么")
    it.add_argument("statute", nargs="?", help="登记簿中的代号，例如 APL；show 不写为全部")
    it.add_argument("place", nargs="?", help="import：文件（docx、txt、md）；show：第几条")
    it.add_argument("--on", metavar="日期", help="show：只看这一天施行的法，例如 2026-08-14")

    it = command("token", install.token, "给一个人发一个接口令牌，只打印令牌")
    it.add_argument("person", metavar="PERSON", help="人员编号")
    narrowed = it.add_mutually_exclusive_group()
    told = "；".join(f"{name} {MEANS[name]}" for name in SCOPES)
    narrowed.add_argument(
        "--scope", metavar="范围", help=f"只用来做什么，用逗号隔开；不写为全部。{told}"
    )
    narrowed.add_argument("--read-only", action="store_true", help="只能读，就是 --scope read")
    it.add_argument("--office", help="机关；只有一个时不写")

    it = command("password", install.password, "给一个人发一个初始密码，只打印密码；第一次登录须改")
    it.add_argument("person", metavar="PERSON", help="人员编号")
    it.add_argument("--no-totp", action="store_true", help="同时停用丢失的动态口令")
    it.add_argument("--office", help="机关；只有一个时不写")

    it = command("messages", messages.run, "待发、发不出去的消息；--requeue 重新投递", json=True)
    it.add_argument("--requeue", metavar="编号", type=int, help="让不再重试的这一条再试")
    it.add_argument("--by", metavar="PERSON", help="谁让它再试（人员编号）")
    it.add_argument("--because", metavar="理由", help="为什么现在能办成")
    it.add_argument("--office", help="机关；只有一个时不写")

    it = command("publish", publish.listing, "公示：报送、对账、公示栏、清理文件")
    actions = it.add_subparsers(
        dest="action", required=True, metavar="ACTION", parser_class=_Parser
    )
    for each in (publish, board, cleaning):
        each.add(actions)

    it = command("calendar", install.calendar, "一个人的期限日历：打印订阅地址，只给本人")
    it.add_argument("person", metavar="PERSON", help="人员编号")
    it.add_argument("--revoke", action="store_true", help="停用现在的地址")
    it.add_argument("--office", help="机关；只有一个时不写")

    it = command("doctor", install.doctor, "检查安装；--deep 核对每一件案件", json=True)
    it.add_argument("--deep", action="store_true", help="逐案核对大事记、期限、待发、公示")

    return parser.parse_args(arguments)
