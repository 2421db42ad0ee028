"""Pages of appointments, rooms, the schedule and the calendar."""
