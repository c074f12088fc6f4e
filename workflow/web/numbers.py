"""编号 — a number in an address, no larger than a database can hold."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
