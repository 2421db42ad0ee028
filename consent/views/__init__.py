"""`releases`: the administrator's pages · `signing`: the client's · `accounting`: who read what."""
