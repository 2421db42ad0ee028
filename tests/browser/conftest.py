"""Windows of the people of a test."""

import pytest


@pytest.fixture
def open_window(live_server, chromium):
    """open_window(Person, user): a window that is closed at the end."""
    windows = []

    def opens(kind, *args):
        windows.append(kind(chromium, live_server.url, *args))
        return windows[-1]

    yield opens
    for window in windows:
        window.leave()
