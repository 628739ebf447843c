"""The bytes of a source file: unpacked where they are packed, hashed as they stand, refused where they are no text."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

from mce_graph.errors import SourceError

CHUNK = 1 << 20
FREE_OUTPUT = 256 << 20
"""Bytes that a packed file may always become; beyond it only ``MOST_RATIO`` times its own size."""
MOST_RATIO = 200

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive (or an .xlsx workbook)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"BZh", "packed with bzip2, which is not read"),
    (b"\xfd7zXZ\x00", "packed with xz, which is not read"),
    (b"PAR1", "a Parquet file: name it .parquet"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"version https://git-lfs", "a git-lfs pointer, not the file itself: run `git lfs pull`"),
    (b"\xff\xfe\x00\x00", "encoded in UTF-32, not UTF-8"),
    (b"\x00\x00\xfe\xff", "encoded in UTF-32, not UTF-8"),
    (b"\xff\xfe", "encoded in UTF-16, not UTF-8"),
    (b"\xfe\xff", "encoded in UTF-16, not UTF-8"),
)
_HTML = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")


class Bytes:
    """The unpacked bytes of one file, in chunks, and the hash of the file as it stands on the disk.

    ``digest`` is known once every chunk was taken. Memory stays flat whatever the file unpacks to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digest = ""

    def chunks(self) -> Iterator[bytes]:
        """Every chunk of the unpacked file; raises ``SourceError`` for a file that is no UTF-8 text."""
        seen = hashlib.sha256()
        first = True
        for chunk in _unpacked(_read(self.path, seen), self.path.name):
            if first:
                refuse_foreign(chunk, self.path.name)
                first = False
            yield chunk
        self.digest = seen.hexdigest()

    def start(self, size: int = 4096) -> bytes:
        """The first unpacked bytes, without the byte order mark: enough to tell what kind of file it is."""
        for chunk in _unpacked(_read(self.path, hashlib.sha256()), self.path.name):
            return chunk[:size].removeprefix(b"\xef\xbb\xbf")
        return b""


def refuse_foreign(start: bytes, name: str) -> None:
    """Refuse a file that is something else, by its first bytes."""
    for magic, what in _FOREIGN:
        if start.startswith(magic):
            raise SourceError(f"{name}: it is {what}", hint="give CSV, JSON or Parquet; gzip and zstd are read")
    head = start[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:16].lower().startswith(_HTML):
        raise SourceError(f"{name}: it is a web page, not data", hint="the download answered with an error page?")
    pairs = start[:256]
    if len(pairs) >= 8:
        zeros = [pairs[side::2].count(0) * 2 / len(pairs) for side in (0, 1)]
        if max(zeros) > 0.7 and min(zeros) < 0.3:
            raise SourceError(f"{name}: encoded in UTF-16, not UTF-8", hint="save it as UTF-8")


def _read(path: Path, seen: hashlib._Hash) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                seen.update(chunk)
                yield chunk
    except OSError as error:
        raise SourceError(f"{path.name}: cannot be read ({error.strerror or type(error).__name__})") from error


def _unpacked(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    first = next(chunks, b"")
    if first.startswith(_ZSTD):
        yield from _unpacked_zstd(first, chunks, name)
        return
    if not first.startswith(_GZIP):
        if first:
            yield first
        yield from chunks
        return
    taken, given = 0, 0
    member: zlib._Decompress | None = zlib.decompressobj(wbits=31)
    rest, ended = first, False
    try:
        while True:
            while rest:
                if member is None:
                    if not rest.strip(b"\x00"):
                        rest = b""  # padding with zeros, as tapes leave it
                        break
                    if not (_GZIP.startswith(rest) or rest.startswith(_GZIP)):
                        raise SourceError(f"{name}: something follows the end of the packed data")
                    member = zlib.decompressobj(wbits=31)
                size = len(rest)
                out = member.decompress(rest, CHUNK)
                if member.eof:
                    rest, member = member.unused_data, None
                else:
                    rest = member.unconsumed_tail
                taken += size - len(rest)
                given += len(out)
                if given > FREE_OUTPUT and given > MOST_RATIO * max(taken, 1):
                    raise SourceError(
                        f"{name}: unpacks to more than {MOST_RATIO} times its size", hint="a bomb? unpack it yourself"
                    )
                if out:
                    yield out
            if ended:
                break
            rest = next(chunks, b"")
            ended = not rest
            if ended and member is not None:
                while tail := member.decompress(member.unconsumed_tail, CHUNK):
                    yield tail
                break
    except zlib.error as error:
        raise SourceError(f"{name}: the packed data is damaged", hint="transfer it again") from error
    if member is not None:
        raise SourceError(f"{name}: the packed data ends too early", hint="transfer it again: nothing of it was loaded")


def _unpacked_zstd(first: bytes, chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """What a zstd file unpacks to; the codec is that of pyarrow, which the extra ``parquet`` brings."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise SourceError(
            f"{name}: it is packed with zstd, which needs pyarrow",
            hint="pip install 'mce-graph[parquet]', or pack it with gzip",
        ) from error
    packed = _Chunks(first, chunks)
    given = 0
    try:
        with pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), "zstd") as stream:
            while out := stream.read(CHUNK):
                given += len(out)
                if given > FREE_OUTPUT and given > MOST_RATIO * max(packed.taken, 1):
                    raise SourceError(
                        f"{name}: unpacks to more than {MOST_RATIO} times its size", hint="a bomb? unpack it yourself"
                    )
                yield out
    except OSError as error:
        if "runcated" in str(error):
            raise SourceError(
                f"{name}: the packed data ends too early", hint="transfer it again: nothing of it was loaded"
            ) from error
        raise SourceError(f"{name}: the packed data is damaged", hint="transfer it again") from error


class _Chunks(io.RawIOBase):
    """Chunks as a file that can be read from."""

    def __init__(self, first: bytes, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._rest, self._chunks = first, chunks
        self.taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = next(self._chunks, b"")
        size = len(self._rest) if size < 0 else size
        out, self._rest = self._rest[:size], self._rest[size:]
        self.taken += len(out)
        return out
