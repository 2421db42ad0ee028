"""What case conferences tell, inside the transaction that records it."""

from django.dispatch import Signal

conference_invited = Signal()  # invitation, by: a ConferenceInvitation, to somebody outside
conference_called_off = Signal()  # conference, by
decision_made = Signal()  # decision, by: a ConferenceDecision, with its owner
