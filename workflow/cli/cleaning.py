"""`fashen publish clean` — a copy of a file without its metadata, for publication."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workflow.cli.common import complain, say
from workflow.publication.metadata import clean


def add(subparsers: Any) -> None:
    """Put `clean` among the commands of `fashen publish`."""
    told = "去掉文件的作者、单位、位置、修订等元数据，另存一份供公开；原件不动"
    it = subparsers.add_parser("clean", help=told, description=told)
    it.set_defaults(run=run)
    it.add_argument("file", metavar="FILE", help="PDF、JPEG、PNG、WebP、docx、xlsx")
    it.add_argument("-o", "--out", required=True, metavar="OUT", help="写到哪里；不覆盖已有的文件")


def run(asked: argparse.Namespace) -> int:
    """Nothing is written when the file is refused, and never over a file that is there."""
    source, out = Path(asked.file), Path(asked.out)
    if out.exists():
        complain(f"fashen publish clean：{out} 已经存在，没有覆盖；请换一个名字。")
        return 2
    content = source.read_bytes()
    cleaned = clean(content, source.name)
    with out.open("xb") as file:
        file.write(cleaned)
    say(f"已写出 {out}（{len(cleaned)} 字节，原件 {len(content)} 字节）；原件没有改动。")
    return 0
