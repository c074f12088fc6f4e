"""YAML as people write it: only true and false are booleans, a key stands once, and faults name the line."""

from __future__ import annotations

import re
from typing import Any

import yaml


class YamlError(ValueError):
    """The file cannot be read; the text names the line."""


class _Loader(yaml.SafeLoader):
    """YAML 1.2's booleans: `no`, `on` and `off` are words here (`no:` is a certificate's number)."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


class Located(dict[str, Any]):
    """A mapping that remembers the line on which it starts."""

    line = 0


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    found = Located()
    found.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise YamlError(f"第 {key_node.start_mark.line + 1} 行：键“{key}”要写成文字。")
        if key in found:
            raise YamlError(f"第 {key_node.start_mark.line + 1} 行：“{key}”写了两次。")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(text: str) -> Any:
    """The document, with mappings as `Located`."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with fewer booleans
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        where = f"第 {mark.line + 1} 行：" if mark else ""
        raise YamlError(f"{where}不是合格的 YAML（{wrong.problem}）。") from None
    except yaml.YAMLError as wrong:
        raise YamlError(f"不是合格的 YAML（{wrong}）。") from None
