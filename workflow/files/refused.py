"""没有收下 — why a file, or a piece of one, was not taken in: one class per answer."""

from __future__ import annotations

from workflow.errors import FashenError


class NotAccepted(FashenError):
    """The file is not what may be kept as evidence; the sentence says what it is and what is accepted."""

    status = 422
    title = "文件没有收下"


class TooLarge(NotAccepted):
    status = 413
    title = "文件太大"


class NoRoom(FashenError):
    """Nothing is wrong with the file; the machine cannot take it now."""

    status = 507
    title = "服务器放不下"


class WrongOffset(FashenError):
    """A piece that does not follow on what is there; the sender asks how far it came and goes on from there."""

    status = 409
    title = "接不上"


class Busy(FashenError):
    status = 423
    title = "正在传"


class Cut(FashenError):
    """The connection ended inside a piece."""

    status = 400
    title = "连接断了"


class ChecksumWrong(FashenError):
    """What came is not what was sent; the piece is thrown away and sent again."""

    status = 460
    title = "校验不符"


class Unsupported(FashenError):
    """A version of the protocol that we do not speak."""

    status = 412
    title = "续传协议的版本不对"


class NotForYou(FashenError):
    status = 403
    title = "不能看证据文件"
