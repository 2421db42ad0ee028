"""What the apps above hear of a release, inside the transaction that changes it."""

from django.dispatch import Signal

release_signed = Signal()  # release, by
release_ended = Signal()  # release, by: withdrawn whole or in part, replaced, expired
receipt_given = Signal()  # receipt
emergency_opened = Signal()  # emergency
signing_link_mailed = Signal()  # link, url: goes out by mail; the url is kept nowhere
