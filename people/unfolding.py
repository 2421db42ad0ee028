"""How much the streams of a PDF hold once unpacked, counted piece by piece and never kept."""

import base64
import zlib
from collections.abc import Iterable, Iterator

import pikepdf

MOST = 100 * 1024 * 1024  # bytes, of all streams together: twenty pages in grey at 200 per inch
MOST_PIXELS = 100_000_000  # of one picture: A3 at 600 dots per inch
PIECE = 1024 * 1024

FLATE = {"/FlateDecode", "/Fl"}
AS_TEXT = {"/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"}
# What a picture itself is packed with: its width and height say how much it unfolds to.
PICTURE = {"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}


class TooMuch(Exception):
    """A stream unfolds to more than is allowed, or is packed in a way that cannot be bounded."""


class Budget:
    """What may still be unfolded of one file."""

    def __init__(self) -> None:
        self.left = MOST

    def spend(self, stream: pikepdf.Stream) -> None:
        """Count one stream. Raises TooMuch, and zlib.error or ValueError where it is damaged."""
        if str(stream.get("/Subtype", "")) == "/Image":
            _check_picture(stream)
        for piece in _unfolded(stream):
            self.left -= len(piece)
            if self.left < 0:
                raise TooMuch


def _check_picture(stream: pikepdf.Stream) -> None:
    width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
    if width < 0 or height < 0 or width * height > MOST_PIXELS:
        raise TooMuch


def _unfolded(stream: pikepdf.Stream) -> Iterable[bytes]:
    data = stream.read_raw_bytes()
    filters = _filters(stream)
    while filters and filters[0] in AS_TEXT:
        data = _from_text(data, filters.pop(0))
    pieces: Iterable[bytes] = [data]
    for name in filters:
        if name in PICTURE:
            break
        if name not in FLATE:
            raise TooMuch
        pieces = _inflated(pieces)
    return pieces


def _filters(stream: pikepdf.Stream) -> list[str]:
    found = stream.get("/Filter")
    if found is None:
        return []
    return [str(each) for each in found] if isinstance(found, pikepdf.Array) else [str(found)]


def _from_text(data: bytes, name: str) -> bytes:
    text = b"".join(data.split())
    if name in {"/ASCII85Decode", "/A85"}:
        return base64.a85decode(text.removeprefix(b"<~").partition(b"~>")[0])
    digits = text.partition(b">")[0].decode("ascii")
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    for piece in pieces:
        while piece and not unpacker.eof:
            yield unpacker.decompress(piece, PIECE)
            piece = unpacker.unconsumed_tail
        if unpacker.eof:
            return
