"""Appointments: times for sessions and doses, proposed, booked, moved and taken back.

`booking.py` and `offering.py` write, `following.py` goes along with a dose, `conflicts.py` says in
a sentence what the database refuses, `reading.py` reads through the one door, `views/` shows.
Rooms, the schedule pages and the calendar stand beside them.
"""
