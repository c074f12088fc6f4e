"""`fashen` — the command line. Exit code 0 done, 1 refused or failed, 2 wrong usage."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from workflow.cli.parser import parse
from workflow.errors import FashenError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; every listing takes `--json`."""
    chosen = parse(arguments)
    try:
        return int(chosen.run(chosen) or 0)
    except FashenError as no:
        print(f"{no.title}：{no}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
