"""YAML as people write it: only true and false are booleans, a key stands once, and faults name the line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

LARGEST = 4 * 1024 * 1024
"""Characters that a file may have: an office with a thousand powers needs a tenth."""


class YamlError(ValueError):
    """The file cannot be read; the text names the line."""


class Located(dict[str, Any]):
    """A mapping that remembers the line on which it starts, and the line of each of its keys."""

    line = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


class _Loader(yaml.SafeLoader):
    """YAML 1.2's booleans: `no`, `on` and `off` are words here (`no:` is a certificate's number)."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except YamlError:
            raise
        except (ValueError, OverflowError):
            said = str(node.value)[:40]
            raise YamlError(f"第 {_line(node)} 行：没有“{said}”这样的日期或数字。") from None


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    found = Located()
    found.line = _line(node)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise YamlError(f"第 {_line(key_node)} 行：键“{key}”要写成文字。")
        if key in found:
            raise YamlError(f"第 {_line(key_node)} 行：“{key}”写了两次。")
        found[key] = loader.construct_object(value_node, deep=True)
        found.lines[key] = _line(key_node)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)

_CURES = (
    ("mapping values are not allowed", "冒号多了一个；文字里有冒号的，整段加引号"),
    ("cannot start any token", "这里不能有这个字符；缩进用空格，不用 Tab"),
    ("could not find expected ':'", "缺少冒号，或者冒号后面没有空格"),
    ("expected <block end>", "缩进与上面的不一致"),
    ("expected ',' or", "括号没有合上，或者少了逗号"),
    ("'<stream end>'", "括号没有合上"),
    ("unexpected end of stream", "引号没有合上"),
    ("undefined alias", "用了没有定义的别名"),
    ("could not determine a constructor", "以 ! 开头的文字要加引号"),
)


def read(file: str | Path) -> str:
    """The text of a file that people write, or one sentence that says why it cannot be read."""
    try:
        return Path(file).read_text("utf-8-sig")
    except FileNotFoundError:
        raise YamlError("没有这个文件。") from None
    except UnicodeDecodeError:
        raise YamlError("不是 UTF-8 编码的文字，请另存为 UTF-8。") from None
    except (OSError, ValueError) as wrong:
        raise YamlError(f"读不了（{getattr(wrong, 'strerror', wrong)}）。") from None


def load(text: str) -> Any:
    """The document, with mappings as `Located`."""
    if len(text) > LARGEST:
        raise YamlError(f"有 {len(text)} 个字符，最多 {LARGEST} 个。")
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with fewer booleans
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        where = f"第 {mark.line + 1} 行：" if mark else ""
        raise YamlError(f"{where}不是合格的 YAML（{_cure(str(wrong.problem))}）。") from None
    except yaml.reader.ReaderError as wrong:
        line = text.count("\n", 0, wrong.position) + 1
        found = ord(wrong.character) if isinstance(wrong.character, str) else wrong.character
        raise YamlError(f"第 {line} 行：有控制字符（U+{found:04X}），请删去。") from None
    except RecursionError:
        raise YamlError("一层套一层太深，没有哪一栏需要这样写。") from None


def _cure(problem: str) -> str:
    return next((cure for sign, cure in _CURES if sign in problem), problem)


def dump(body: Any) -> str:
    """A document that `load` reads back the same; short mappings on one line."""
    made: str = yaml.safe_dump(
        body, allow_unicode=True, sort_keys=False, default_flow_style=None, width=160
    )
    return made
