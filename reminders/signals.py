"""What case conferences tell, inside the transaction that records it. Heard by nobody yet: whoever
notifies people listens here. Before somebody outside the clinic is told, ask
`reminders.conferences.people.may_read`: a release can end meanwhile.
"""

from django.dispatch import Signal

conference_case_added = Signal()  # case, by: a ConferenceCase that was taken onto the agenda
conference_case_removed = Signal()  # case, by: taken off again
conference_invited = Signal()  # invitation, by: a ConferenceInvitation, to somebody outside
conference_called_off = Signal()  # conference, by
decision_made = Signal()  # decision, by: a ConferenceDecision, with its owner
decision_done = Signal()  # decision, by
