"""Every write of releases, by what is done: each locks, checks, writes and records at once."""
