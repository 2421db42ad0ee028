"""The secret in a link: made once, given out once, and kept nowhere but as its fingerprint."""

import hashlib
import secrets

TOKEN_BYTES = 32  # 256 bits of chance; 128 are enough against guessing


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """The fingerprint that is stored: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
