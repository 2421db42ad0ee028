"""Every route that opens without signing in. A test compares it with the views themselves."""

PUBLIC_ROUTES = (
    "health",  # whether the parts work, for monitoring; nothing about anybody
    "account_login",  # signing in
    "account_logout",  # signing out, harmless where nobody is signed in
    "account_signup",  # says that accounts are made by invitation
    "account_inactive",  # says that an account is closed
    "account_confirm_login_code",  # part of signing in; sends nobody any further by itself
    "account_email_verification_sent",  # says that a mail was sent
    "account_confirm_email",  # the link in that mail
    "account_reset_password",  # asks for a mail with a link
    "account_reset_password_done",  # says that it was sent, whoever asked
    "account_reset_password_from_key",  # the link in that mail
    "account_reset_password_from_key_done",  # says that the password is changed
    "mfa_authenticate",  # the second step of signing in
    "mfa_login_webauthn",  # signing in with a passkey
)
