"""Windows of the people of a test."""

import pytest


@pytest.fixture
def opened(live_server, chromium):
    """opened(Person, user): a window that is closed at the end."""
    windows = []

    def open_window(kind, *args):
        windows.append(kind(chromium, live_server.url, *args))
        return windows[-1]

    yield open_window
    for window in windows:
        window.leave()
