"""Delivery under fire: see `__main__.py`. The short form of it runs with the other tests."""
