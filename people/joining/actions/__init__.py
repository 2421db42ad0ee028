"""Every write of joining and leaving."""
