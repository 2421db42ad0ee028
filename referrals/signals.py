"""What the apps above hear of a referral, inside the transaction that changes it."""

from django.dispatch import Signal

referral_handed_over = Signal()  # referral: with the referrer it has now, was: the one before, by
referral_moved = Signal()  # referral: as it is now, verb, by: a user, or None for time
message_sent = Signal()  # message: a Message, which its reader may or may not be allowed to read
clinic_replied = Signal()  # reply: a ClinicReply, in the transaction of the move
time_asked = Signal()  # interim: an InterimMessage
cover_agreed = Signal()  # cover: a Cover
