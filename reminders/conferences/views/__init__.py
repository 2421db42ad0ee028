"""Pages of case conferences: for staff, and for somebody outside."""
