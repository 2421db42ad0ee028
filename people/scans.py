"""A scan that somebody uploads: parsed, and refused where it holds more than pages."""

import io
import zlib
from collections.abc import Iterator

import pikepdf

from people import unfolding

MOST_BYTES = 5 * 1024 * 1024
MOST_PAGES = 20
MOST_OBJECTS = 20_000
# A small file can unfold to gigabytes. These hold for the whole process, which reads no other PDF.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=64 * 1024 * 1024,
    run_length_max_memory=64 * 1024 * 1024,
    parser_max_container_size=100_000,
    doc_max_warnings=100,
)

TOO_BIG = "This file is over 5 MB. Scan it again in grey, at 150 to 200 dots per inch."
NOT_A_PDF = "This file is no PDF, or it is damaged. Scan the paper again as a PDF."
TOO_DEEP = (
    "This PDF unfolds to far more than a scan of its size holds. Scan the paper again in grey, at "
    "150 to 200 dots per inch."
)
LOCKED = "This PDF is encrypted. Scan the paper again without a password."

# Keys and values of a PDF's dictionaries that make it do something, or carry something else.
REFUSED_KEYS = {
    "/JS": "a script",
    "/JavaScript": "a script",
    "/AA": "actions that run by themselves",
    "/XFA": "a form that can be filled in",
    "/AcroForm": "a form that can be filled in",
    "/URI": "a link",
    "/EF": "another file inside",
    "/EmbeddedFiles": "another file inside",
    "/AF": "another file inside",
    "/Collection": "another file inside",
    "/RichMedia": "media",
    "/RichMediaContent": "media",
}
ACTION_KEYS = ("/A", "/OpenAction", "/Next", "/PA")
HARMLESS_ACTIONS = {"/GoTo"}  # turns to a page
# Kinds of actions (ISO 32000-2, table 201), refused wherever they stand, whatever leads to them.
ACTIONS = {
    *("/GoToR", "/GoToE", "/GoToDp", "/GoTo3DView", "/Launch", "/Thread", "/URI", "/Sound"),
    *("/Movie", "/Hide", "/Named", "/SubmitForm", "/ResetForm", "/ImportData", "/JavaScript"),
    *("/SetOCGState", "/Rendition", "/RichMediaExecute"),
}
AN_ACTION = "an action, such as a link or a button"
REFUSED_TYPES = {"/EmbeddedFile": "another file inside", "/Filespec": "another file inside"}
REFUSED_ANNOTATIONS = {
    "/Widget": "a form that can be filled in",
    "/FileAttachment": "another file inside",
    "/RichMedia": "media",
    "/Screen": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/3D": "media",
}


DAMAGE = (ValueError, RuntimeError, KeyError, TypeError, RecursionError)


def check_scan(content: bytes) -> tuple[str, int]:
    """What is wrong with an uploaded scan, as a sentence (empty: nothing), and how many pages."""
    if len(content) > MOST_BYTES:
        return TOO_BIG, 0
    if not content.startswith(b"%PDF-"):
        return NOT_A_PDF, 0
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            return _problem(pdf), len(pdf.pages)
    except pikepdf.PasswordError:
        return LOCKED, 0
    except unfolding.TooMuch:
        return TOO_DEEP, 0
    except (pikepdf.PdfError, zlib.error, *DAMAGE):
        return NOT_A_PDF, 0


def _problem(pdf: pikepdf.Pdf) -> str:
    if pdf.is_encrypted:
        return LOCKED
    pages = len(pdf.pages)
    if not pages:
        return NOT_A_PDF
    if pages > MOST_PAGES:
        return f"This PDF has {pages} pages. Upload {MOST_PAGES} at most."
    if len(pdf.objects) > MOST_OBJECTS:
        return "This PDF holds too much for a scan. Print it and scan the paper."
    refused_before = pikepdf.settings.qpdf_limit_errors()
    budget = unfolding.Budget()
    for dictionary in _dictionaries(pdf):
        if isinstance(dictionary, pikepdf.Stream):
            budget.spend(dictionary)
        if found := _more_than_a_page(dictionary):
            return f"This PDF holds {found}, which a scan does not. Print it and scan the paper."
    # Where something had to be repaired or left out, another reader may see more than we do.
    incomplete = pikepdf.settings.qpdf_limit_errors() > refused_before or pdf.get_warnings()
    return NOT_A_PDF if incomplete else ""


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, wherever it hangs, even where nothing leads to it."""
    waiting: list[pikepdf.Object] = [pdf.trailer, *pdf.objects]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            waiting += [value for _, value in each.items() if _is_inside(value)]
        elif isinstance(each, pikepdf.Array):
            waiting += [value for value in each if _is_inside(value)]


def _is_inside(value) -> bool:
    """A container written in place; what is referred to is among the file's objects anyway."""
    containers = pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream
    return isinstance(value, containers) and not value.is_indirect


def _more_than_a_page(dictionary: pikepdf.Object) -> str:
    for key in dictionary.keys():  # noqa: SIM118 - a PDF dictionary is no Python mapping
        if key in REFUSED_KEYS:
            return REFUSED_KEYS[key]
        if key in ACTION_KEYS and _acts(dictionary[key]):
            return AN_ACTION
    if str(dictionary.get("/S", "")) in ACTIONS:
        return AN_ACTION
    if isinstance(dictionary, pikepdf.Stream) and "/F" in dictionary:
        return "a reference to another file"
    kind, subtype = str(dictionary.get("/Type", "")), str(dictionary.get("/Subtype", ""))
    if subtype == "/Form" and "/Ref" in dictionary:
        return "a reference to another file"
    return REFUSED_TYPES.get(kind, "") or REFUSED_ANNOTATIONS.get(subtype, "") or _loose(dictionary)


def _acts(value) -> bool:
    """Whether this is an action, or a row of them, that does more than turn to a page."""
    if isinstance(value, pikepdf.Array):
        return any(map(_acts, value))
    if not isinstance(value, pikepdf.Dictionary) or "/S" not in value:
        return False
    return str(value["/S"]) not in HARMLESS_ACTIONS


def _loose(dictionary: pikepdf.Object) -> str:
    """An action that nothing leads to yet."""
    is_action = str(dictionary.get("/Type", "")) == "/Action"
    return AN_ACTION if is_action and _acts(dictionary) else ""
