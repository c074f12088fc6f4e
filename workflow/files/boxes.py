"""结构 — walks the boxes of an MP4 and its kin, and the chunks of RIFF, without reading what lies in them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

MOST = 100_000
"""Boxes in one file: more is not a recording, but an attempt to keep us busy."""

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_NESTED = {b"moov", b"trak", b"mdia"}


class Broken(ValueError):
    """The parts do not fit into the file: cut off, or not what it says."""


@dataclass(frozen=True, slots=True)
class Media:
    """What an ISO media file holds: `tracks` are handler types such as `vide` and `soun`.

    `made` is the moment that the recorder wrote down, UTC by the standard.
    """

    tracks: frozenset[str]
    made: datetime | None


def media(file: BinaryIO, size: int) -> Media:
    """The tracks of a media file whose boxes fill it exactly; `Broken` otherwise."""
    tracks: set[str] = set()
    made = None
    for kind, start, end in _boxes(file, 0, size):
        if kind == b"hdlr":
            file.seek(start + 8)
            tracks.add(file.read(4).decode("latin-1"))
        elif kind == b"mvhd":
            made = _made(file, start, end)
    return Media(frozenset(tracks), made)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box with where its content begins and ends, those inside `moov` after it."""
    todo, seen = [(start, end)], 0
    while todo:
        at, end = todo.pop()
        while at < end:
            file.seek(at)
            head = file.read(16)
            if len(head) < 8 or at + 8 > end:
                raise Broken
            length, kind = struct.unpack(">I4s", head[:8])
            skip = 8
            if length == 1:
                if len(head) < 16:
                    raise Broken
                length, skip = struct.unpack(">Q", head[8:])[0], 16
            elif length == 0:
                length = end - at
            seen += 1
            if length < skip or at + length > end or seen > MOST:
                raise Broken
            yield kind, at + skip, at + length
            if kind in _NESTED:
                todo.append((at + skip, at + length))
            at += length


def _made(file: BinaryIO, start: int, end: int) -> datetime | None:
    file.seek(start)
    head = file.read(min(12, end - start))
    if len(head) < 12:
        return None
    seconds = struct.unpack(">Q" if head[0] == 1 else ">I", head[4 : 12 if head[0] == 1 else 8])[0]
    try:
        made = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return made if made.year >= 2000 else None  # a recorder without a clock writes 0


def riff(file: BinaryIO, size: int) -> list[bytes]:
    """The chunks of a RIFF file, at its top level; a length that runs past the end is `Broken`.

    A recorder that lost power leaves lengths of 0 or all ones: it did not end the file, but what it holds
    is there, so such a last chunk counts as going to the end.
    """
    found: list[bytes] = []
    at = 12
    while at + 8 <= size and len(found) < MOST:
        file.seek(at)
        kind, length = struct.unpack("<4sI", file.read(8))
        found.append(kind)
        if length in (0, 0xFFFFFFFF) and kind == b"data":
            return found
        if at + 8 + length > size:
            raise Broken
        at += 8 + length + length % 2
    return found
