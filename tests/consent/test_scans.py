"""An uploaded scan is pages and nothing else."""

import base64
import zlib

import pikepdf
import pytest

from people.scans import MOST_BYTES, MOST_PAGES, check_scan
from people.unfolding import MOST
from tests.consent.scans import ILL_MEANT, bomb, packed, picture, scan, tagged

SCAN = scan()


@pytest.mark.parametrize("change", ILL_MEANT, ids=lambda each: each.__name__)
@pytest.mark.parametrize("in_streams", [False, True])
def test_a_pdf_that_does_or_carries_more_than_pages_is_refused(change, in_streams):
    mode = pikepdf.ObjectStreamMode.generate if in_streams else pikepdf.ObjectStreamMode.disable
    problem, _ = check_scan(scan(change, object_stream_mode=mode))
    assert problem.startswith("This PDF holds")


@pytest.mark.parametrize("user", ["", "u"])
def test_an_encrypted_pdf_is_refused_even_when_it_opens_without_a_password(user):
    locked = scan(encryption=pikepdf.Encryption(owner="o", user=user))
    assert "encrypted" in check_scan(locked)[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"GIF89a", SCAN[: len(SCAN) // 2], b"x" + SCAN, b"%PDF-1.7 and no more"],
)
def test_what_is_no_whole_pdf_is_refused(content):
    assert "no PDF, or it is damaged" in check_scan(content)[0]


def test_a_small_file_that_unfolds_to_a_huge_one_is_refused():
    assert check_scan(bomb(100)) == ("", 1)
    assert "damaged" in check_scan(bomb(70 * 1024 * 1024))[0]


def unpacking(data: bytes, *filters: str) -> str:
    kept = {"compress_streams": False, "recompress_flate": False}
    return check_scan(scan(lambda pdf: packed(pdf, data, *filters), **kept))[0]


def test_what_is_packed_is_unpacked_only_so_far():
    """Once, twice, behind text and before a picture; all streams of a file are counted together."""
    large = bytes(MOST + 1)
    once = zlib.compress(large, 9)
    assert "unfolds to far more" in unpacking(once, "FlateDecode")
    assert "unfolds to far more" in unpacking(zlib.compress(once, 9), "FlateDecode", "Fl")
    assert "unfolds to far more" in unpacking(once.hex().encode(), "ASCIIHexDecode", "FlateDecode")
    assert "unfolds to far more" in unpacking(once, "FlateDecode", "DCTDecode")
    assert unpacking(zlib.compress(large[1:], 9), "FlateDecode") == ""
    half = zlib.compress(bytes(MOST // 2 + 1), 9)

    def two(pdf):
        packed(pdf, half, "FlateDecode")
        pdf.Root.Unused = pdf.pages[0].Contents
        packed(pdf, half, "FlateDecode")

    assert "unfolds to far more" in check_scan(scan(two, recompress_flate=False))[0]


@pytest.mark.parametrize("name", ["LZWDecode", "RunLengthDecode", "Unheard"])
def test_what_cannot_be_bounded_is_refused(name):
    assert "unfolds to far more" in unpacking(b"\x80", name)


def test_what_is_packed_badly_is_damaged():
    assert "damaged" in unpacking(b"no flate", "FlateDecode")
    assert unpacking(base64.a85encode(zlib.compress(b"q Q")) + b"~>", "A85", "Fl") == ""


def test_a_picture_has_a_limit():
    assert check_scan(scan(picture(10_000, 10_000)))[0] == ""
    for width, height in ((10_001, 10_000), (30_000, 30_000), (-1, 1)):
        assert "unfolds to far more" in check_scan(scan(picture(width, height)))[0]


def test_pages_and_bytes_have_a_limit():
    assert check_scan(scan(pages=MOST_PAGES)) == ("", MOST_PAGES)
    assert "21 pages" in check_scan(scan(pages=MOST_PAGES + 1))[0]
    assert "over 5 MB" in check_scan(b"%PDF-" + b"x" * MOST_BYTES)[0]
    assert check_scan(scan(tagged)) == ("", 1)
