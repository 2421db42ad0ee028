"""What the apps above hear of a referral, inside the transaction that changes it."""

from django.dispatch import Signal

referral_moved = Signal()  # referral: as it is now, verb, by: a user, or None for time
