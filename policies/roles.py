"""角色 — what somebody of an office may be."""

from __future__ import annotations

from typing import Literal

Role = Literal[
    "officer", "unit_head", "reviewer", "head", "deputy_head", "chair", "clerk", "counsel",
    "inspector", "admin", "security_admin", "audit_admin", "assistant", "system",
]  # fmt: skip

ROLE_NAMES: dict[str, str] = {
    "officer": "承办人",
    "unit_head": "机构负责人",
    "reviewer": "法制审核员",
    "head": "负责人",
    "deputy_head": "分管负责人",
    "chair": "听证主持人",
    "clerk": "内勤",
    "counsel": "法律顾问",
    "inspector": "监督员",
    "admin": "系统管理员",
    "security_admin": "安全管理员",
    "audit_admin": "审计管理员",
    "assistant": "协管员",
    "system": "系统",
}

APART = frozenset({"admin", "security_admin", "audit_admin"})
"""The three administrators of 等级保护 (GB/T 22239-2019, 8.1.5): one sets the system up, one looks after
accounts, one reads what both did; nobody is two of them."""
