"""What the apps above hear of people, inside the transaction that changes it."""

from django.dispatch import Signal

invitation_made = Signal()  # invitation, url: goes out by mail; the url is kept nowhere
request_declined = Signal()  # request
# membership, by, successor: whoever takes over what they looked after, or None. A receiver that
# raises ValidationError keeps the membership as it was.
membership_ended = Signal()
