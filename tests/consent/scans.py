"""PDFs as a scanner makes them, and as somebody would who means ill."""

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name

Change = Callable[[pikepdf.Pdf], None]


def scan(change: Change | None = None, pages: int = 1, **saving) -> bytes:
    """A PDF of so many empty pages, changed by `change` before it is saved."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    if change:
        change(pdf)
    out = io.BytesIO()
    pdf.save(out, **saving)
    return out.getvalue()


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def on_opening(pdf):
    pdf.Root.OpenAction = script()


def by_name(pdf):
    names = Array(["x", pdf.make_indirect(script())])
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=names))


def on_a_page(pdf):
    pdf.pages[0].AA = Dictionary(O=script())


def in_a_field(pdf):
    field = Dictionary(FT=Name.Tx, T="name", AA=Dictionary(K=script()))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def nowhere(pdf):
    """Nothing leads to it; a reader that repairs the file may find it all the same."""
    pdf.Root.Unused = pdf.make_indirect(Array([Array([Dictionary(Deep=script())])]))


def kept_elsewhere(pdf):
    stream = pdf.make_stream(b"")
    stream.F = "//somewhere/else"
    pdf.Root.Unused = stream


def page_of_another_file(pdf):
    form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form.Ref = Dictionary(Page=0)
    pdf.Root.Unused = form


def launching(pdf):
    launch = Dictionary(S=Name.Launch, F="calc.exe")
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=launch)
    pdf.pages[0].Annots = Array([pdf.make_indirect(link)])


def next_in_a_chain(pdf):
    chain = Dictionary(S=Name.GoTo, D="x", Next=Dictionary(S=Name.SubmitForm, F="https://x"))
    pdf.Root.OpenAction = chain


def submitting(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.SubmitForm, F="https://example.org")


def a_link_to_the_web(pdf):
    action = Dictionary(S=Name.URI, URI="https://example.org")
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
    pdf.pages[0].Annots = Array([link])


def _after_turning(pdf, *following):
    page = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=page, Next=Array([*following]))


def in_a_row_of_what_follows(pdf):
    _after_turning(pdf, Dictionary(S=Name.URI, URI="https://example.org"))


def launching_after_turning(pdf):
    _after_turning(pdf, Dictionary(S=Name.Launch, F="calc.exe"))


def another_file_after_turning(pdf):
    _after_turning(pdf, Dictionary(S=Name.GoToR, F="//somewhere/x.pdf", D=Array([0, Name.Fit])))


def in_a_row_on_opening(pdf):
    pdf.Root.OpenAction = Array([Dictionary(S=Name.SubmitForm, F="https://example.org")])


def printing(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.Named, N=Name.Print)


def in_an_outline(pdf):
    item = pdf.make_indirect(Dictionary(Title="x", A=Dictionary(S=Name.ImportData, F="x")))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item))


def nowhere_and_unnamed(pdf):
    pdf.Root.Unused = Array([Dictionary(S=Name.Launch, F="calc.exe")])


def an_address_for_links(pdf):
    pdf.Root.URI = Dictionary(Base="https://example.org")


def a_form(pdf):
    pdf.Root.AcroForm = Dictionary(Fields=Array([]))


def a_field(pdf):
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T="x", Rect=[0, 0, 9, 9])
    pdf.pages[0].Annots = Array([pdf.make_indirect(field)])


def a_file_inside(pdf):
    pdf.attachments["x.exe"] = b"MZ"


def a_file_in_a_note(pdf):
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9])
    pdf.pages[0].Annots = Array([note])


def a_dynamic_form(pdf):
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))


def a_film(pdf):
    film = Dictionary(Type=Name.Annot, Subtype=Name.Screen, Rect=[0, 0, 9, 9])
    pdf.pages[0].Annots = Array([film])


ILL_MEANT: list[Change] = [
    on_opening,
    by_name,
    on_a_page,
    in_a_field,
    nowhere,
    launching,
    next_in_a_chain,
    submitting,
    a_link_to_the_web,
    a_file_inside,
    a_file_in_a_note,
    a_dynamic_form,
    a_film,
    kept_elsewhere,
    page_of_another_file,
    in_a_row_of_what_follows,
    launching_after_turning,
    another_file_after_turning,
    in_a_row_on_opening,
    printing,
    in_an_outline,
    nowhere_and_unnamed,
    an_address_for_links,
    a_form,
    a_field,
]


def packed(pdf, data: bytes, *filters: str, **entries) -> None:
    """A stream of the file that holds `data`, which `filters` are said to unpack."""
    stream = pikepdf.Stream(pdf, b"")
    stream.write(data, filter=Array([Name(f"/{each}") for each in filters]))
    for name, value in entries.items():
        stream[f"/{name}"] = value
    pdf.pages[0].Contents = pdf.make_indirect(stream)


def picture(width: int, height: int) -> Change:
    """A picture that says it is so large, packed as a photograph."""
    entries = {"Subtype": Name.Image, "Width": width, "Height": height}
    return lambda pdf: packed(pdf, b"\xff\xd8", "DCTDecode", **entries)


def tagged(pdf):
    """What an honest scanner adds: structure with attributes, a place to open at, an outline."""
    part = Dictionary(Type=Name.StructElem, S=Name.Figure, A=Dictionary(O=Name.Layout))
    pdf.Root.StructTreeRoot = Dictionary(K=Array([pdf.make_indirect(part)]))
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Page 1", 0))
        outline.root.append(pikepdf.OutlineItem("Page 1 again", 0))


def bomb(size: int) -> bytes:
    """A small file that unfolds to `size` bytes as soon as its objects are read."""
    import zlib

    inner = b"5 0 " + b" " * size + b"<< >>"
    packed = zlib.compress(inner, 9)
    parts = [
        b"%PDF-1.5\n",
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /X 5 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << >> >>\nendobj\n",
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(packed)
        + packed
        + b"\nendstream\nendobj\n",
    ]
    offsets, body = [], b""
    for part in parts:
        offsets.append(len(body))
        body += part
    rows = b"\x00\x00\x00\x00\xff" + b"".join(
        b"\x01" + offset.to_bytes(3, "big") + b"\x00" for offset in offsets[1:]
    )
    rows += b"\x02" + (4).to_bytes(3, "big") + b"\x00"
    rows += b"\x01" + len(body).to_bytes(3, "big") + b"\x00"
    table = (
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 3 1] /Root 1 0 R /Length %d >>\nstream\n"
        % len(rows)
        + rows
        + b"\nendstream\nendobj\n"
    )
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)
