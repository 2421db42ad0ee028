"""What the apps above hear of referrals, inside the transaction that records it."""

from django.dispatch import Signal

message_sent = Signal()  # message: a Message, which its reader may or may not be allowed to read
