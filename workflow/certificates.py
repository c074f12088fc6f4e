"""证书 — whom we trust on an encrypted connection, and what we show of ourselves."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

_NO_PASSWORD: Callable[[], str] = str
"""Else OpenSSL would ask for the pass phrase of a key at the terminal."""


def tls_of(cert: Path | None, key: Path | None, ca: Path | None) -> ssl.SSLContext | None:
    """A context that shows our certificate and trusts `ca` alone; None where nothing is set.

    `ValueError` with the cure.
    """
    if not (cert or ca):
        return None
    try:
        context = ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError):
        raise ValueError(f"{ca} 不是 PEM 证书；让平台方重新给一份根证书") from None
    if cert:
        try:
            context.load_cert_chain(cert, key, password=_NO_PASSWORD)
        except (OSError, ssl.SSLError):
            raise ValueError(
                f"{cert} 和它的私钥对不上，或者不是没有口令的 PEM 文件；两个文件要一起换"
            ) from None
    return context
