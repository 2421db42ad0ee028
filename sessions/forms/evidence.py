"""Documents from elsewhere, and questions to colleagues."""

from django import forms
from django.core.exceptions import ValidationError

from people.forms import DateField, FormKeyForm
from people.scans import MOST_BYTES, TOO_BIG
from sessions.enums.screening import DocumentKind
from sessions.forms.care import line, words

NO_FILE = "Choose the document: a PDF of at most 5 MB."


class DocumentForm(FormKeyForm):
    kind = forms.ChoiceField(choices=DocumentKind.choices, widget=forms.RadioSelect)
    title = line("Title", 120, help_text="Such as: ECG at rest, 12 leads. No name of the client")
    pdf = forms.FileField(
        label="Document",
        help_text="A PDF of at most 5 MB and 20 pages, without links or forms inside",
        error_messages={"required": NO_FILE, "empty": NO_FILE},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_pdf(self) -> bytes:
        upload = self.cleaned_data["pdf"]
        if upload.size > MOST_BYTES:
            raise ValidationError(TOO_BIG)
        return upload.read()


class DocumentErrorForm(FormKeyForm):
    reason = line("Why it does not belong here", 300)


class ConsultForm(FormKeyForm):
    of_whom = line("Of whom", 160, help_text="A role or a name, such as: cardiology, or Dr. Novak")
    question = words("Question", 2000)
    urgent = forms.BooleanField(label="Urgent", required=False)


class ConsultAnswerForm(FormKeyForm):
    text = words("Answer", 4000, rows=5)
    by_whom = line("Given by", 160)
    answered_on = DateField(label="Given on", ahead=-1)
