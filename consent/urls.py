from django.urls import path

from consent.views import accounting, releases, signing

app_name = "consent"
urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/new/", releases.new, name="new"),
    path("releases/<int:pk>/", releases.detail, name="detail"),
    path("releases/<int:pk>/edit/", releases.builder, name="builder"),
    path("releases/<int:pk>/send/", releases.send, name="send"),
    path("releases/<int:pk>/sign/", signing.sign, name="sign"),
    path("releases/<int:pk>/withdraw/", releases.revoke, name="revoke"),
    path("disclosures/", accounting.ledger, name="ledger"),
    path("disclosures/<int:pk>/", accounting.accounting, name="accounting"),
    path("disclosures/<int:pk>/pdf/", accounting.accounting_pdf, name="accounting_pdf"),
]
