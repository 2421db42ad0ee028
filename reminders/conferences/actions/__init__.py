"""Every write of case conferences."""
