"""What the apps above hear of a release, inside the transaction that changes it."""

from django.dispatch import Signal

release_signed = Signal()  # release, by
release_revoked = Signal()  # release, by
