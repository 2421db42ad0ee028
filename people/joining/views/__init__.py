"""Pages: the administrator's, the practice's, and the two that need no account."""
