"""The cast: the fixed people of every test."""
