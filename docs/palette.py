"""Makes a screenshot's PNG a third as large: at most 256 colours in a palette.

Only what browsers write is read: 8 bits a channel, RGB or RGBA, not interlaced.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
MOST_USED = 176  # the others are those that are farthest from all of these, such as single dots


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    distances = (abs(guess - left), abs(guess - above), abs(guess - corner))
    return (left, above, corner)[distances.index(min(distances))]


def _unfilter(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    """Undo one of PNG's five filters in place."""
    if kind == 0:
        return
    for index in range(len(row)):
        left = row[index - step] if index >= step else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = above[index]
        elif kind == 3:
            guess = (left + above[index]) >> 1
        else:
            guess = _paeth(left, above[index], above[index - step] if index >= step else 0)
        row[index] = (row[index] + guess) & 255


def _rows(raw: bytes, width: int, step: int) -> Iterator[list[bytes]]:
    """The colours of every row, 3 bytes each."""
    length = width * step
    above = bytearray(length)
    for at in range(0, len(raw), length + 1):
        row = bytearray(raw[at + 1 : at + 1 + length])
        _unfilter(raw[at], row, above, step)
        yield [bytes(row[index : index + 3]) for index in range(0, length, step)]
        above = row


def _distance(one: bytes, other: bytes) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2


def _palette(used: list[bytes]) -> tuple[list[bytes], dict[bytes, int]]:
    """The colours to keep of the used ones (most used first), and for each of those the number of its stand-in."""
    palette = used[:MOST_USED]
    index = {colour: number for number, colour in enumerate(palette)}
    ways = {}
    for colour in used[MOST_USED:]:
        ways[colour] = min((_distance(colour, other), number) for number, other in enumerate(palette))
    while ways and len(palette) < COLOURS:
        farthest = max(ways, key=lambda colour: ways[colour][0])
        del ways[farthest]
        index[farthest] = len(palette)
        for colour, way in ways.items():
            ways[colour] = min(way, (_distance(colour, farthest), len(palette)))
        palette.append(farthest)
    return palette, index | {colour: number for colour, (_, number) in ways.items()}


def shrink(path: Path) -> int:
    """Rewrite the file with a palette; its size in bytes."""
    chunks = list(_chunks(path.read_bytes()))
    width, height, _, kind, *_ = struct.unpack(">IIBBBBB", chunks[0][1])
    raw = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = list(_rows(raw, width, 4 if kind == 6 else 3))
    used = Counter(colour for row in rows for colour in row).most_common()
    palette, index = _palette([colour for colour, _ in used])
    body = b"".join(b"\0" + bytes(index[colour] for colour in row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(body, 9)), (b"IEND", b"")]
    path.write_bytes(SIGNATURE + b"".join(_chunk(name, content) for name, content in parts))
    return path.stat().st_size
