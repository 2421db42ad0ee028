"""An uploaded scan is pages and nothing else."""

import pikepdf
import pytest

from people.scans import MOST_BYTES, MOST_PAGES, check_scan
from tests.consent.scans import ILL_MEANT, bomb, scan, tagged

SCAN = scan()


@pytest.mark.parametrize("change", ILL_MEANT, ids=lambda each: each.__name__)
@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_that_does_or_carries_more_than_pages_is_refused(change, packed):
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
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


def test_pages_and_bytes_have_a_limit():
    assert check_scan(scan(pages=MOST_PAGES)) == ("", MOST_PAGES)
    assert "21 pages" in check_scan(scan(pages=MOST_PAGES + 1))[0]
    assert "over 5 MB" in check_scan(b"%PDF-" + b"x" * MOST_BYTES)[0]
    assert check_scan(scan(tagged)) == ("", 1)
