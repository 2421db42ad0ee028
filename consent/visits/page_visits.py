"""A visit to a client's own page."""

from consent.models import ClientLink
from consent.visits.visits import Visits

KEY = "client_link"
LASTS = 20 * 60  # seconds
VISITS = Visits(
    key=KEY,
    model=ClientLink,
    related=("client", "organization"),
    door="consent:my_open",
    start="consent:my_page",
    pages="consent:my_",
    lasts=LASTS,
)
