"""Pages as PDF (PDF/UA-1). WeasyPrint needs the system library Pango; all else works without."""

import contextlib
import io
from functools import lru_cache
from pathlib import Path

import fontpkg_atkinson_hyperlegible
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

INSTALL_PANGO = (
    "This PDF cannot be made here because the library Pango is not installed. Install it with "
    "“apt-get install libpango-1.0-0 libpangoft2-1.0-0” (Debian, Ubuntu) or "
    "“brew install pango” (macOS), then start kapcare again."
)


@lru_cache(maxsize=1)
def _weasyprint():
    """The library, or None where Pango is missing: WeasyPrint prints advice, then raises."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint
    except OSError:
        return None
    return weasyprint


def pdf_available() -> bool:
    return _weasyprint() is not None


@lru_cache(maxsize=1)
def _style():
    """Our stylesheet and typeface, read once: a server may have no fonts of its own."""
    from weasyprint.text.fonts import FontConfiguration

    weasyprint, fonts = _weasyprint(), FontConfiguration()
    path = Path(settings.BASE_DIR) / "static" / "css" / "pdf.css"
    sheets = [weasyprint.CSS(string=_faces(), font_config=fonts)]
    return [*sheets, weasyprint.CSS(filename=path, font_config=fonts)], fonts


def _faces() -> str:
    folder = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
    return "".join(
        f'@font-face {{ font-family: "Atkinson Hyperlegible"; font-weight: {weight}; '
        f'src: url("{(folder / f"AtkinsonHyperlegible-{name}.ttf").as_uri()}"); }}\n'
        for name, weight in (("Regular", 400), ("Bold", 700))
    )


def make_pdf(html: str) -> bytes:
    """The bytes of a PDF/UA-1 document; nothing in `html` is fetched from anywhere."""
    weasyprint = _weasyprint()
    if weasyprint is None:
        raise RuntimeError(INSTALL_PANGO)
    styles, fonts = _style()
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=set(), allow_redirects=False)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return document.write_pdf(stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1")


def pdf_response(request: HttpRequest, template: str, context: dict, filename: str) -> HttpResponse:
    """A template as an attached PDF. `filename` names neither client nor drug."""
    content = make_pdf(render_to_string(template, context, request=request))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def attached_pdf(content: bytes, filename: str) -> HttpResponse:
    """A PDF to be saved, never opened as a page of ours; `filename` names nobody."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
