"""`fashen` — the command line. Exit code 0 done, 1 refused or failed, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from sqlalchemy.exc import OperationalError

from workflow.cli.common import complain
from workflow.cli.parser import parse
from workflow.errors import FashenError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every listing takes `--json`."""
    chosen = parse(arguments)
    try:
        code = int(chosen.run(chosen) or 0)
        sys.stdout.flush()  # here, where a reader who has gone is expected, and not when all is over
        return code
    except FashenError as no:
        complain(f"{no.title}：{no}")
    except OperationalError as wrong:
        complain(f"数据库打不开或者正忙，什么都没有改变：{_first_line(wrong.orig)}")
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more may be written, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as wrong:
        complain(f"读写文件失败：{wrong.strerror}（{wrong.filename or ''}）")
    except KeyboardInterrupt:
        complain("已停止。")
    return 1


def _first_line(wrong: object) -> str:
    return str(wrong).strip().partition("\n")[0]
