"""Every route that opens without signing in. A test compares it with the views themselves."""

PUBLIC_ROUTES = (
    "health",  # whether the parts work, for monitoring; nothing about anybody
    "people:clinics",  # which clinics there are; nothing about any client
    "people:clinic",  # what a clinic says of itself
    "people:compare",  # the same of two to four, side by side
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
    "joining:ask",  # somebody of a practice asks a clinic to join; the same answer to everybody
    "joining:asked",  # that answer
    "joining:accept",  # the secret link of an invitation: makes the account, or says it is over
    "mfa_authenticate",  # the second step of signing in
    "mfa_login_webauthn",  # signing in with a passkey
    "consent:visit",  # one document, for a session that was handed over or opened by a link
    "consent:visit_copy",  # the client's copy, within that session
    "consent:visit_leave",  # ends that session
    "consent:open_link",  # a secret link to sign: asks for the date of birth
    "consent:agreement",  # the same three for a consent to treatment, in a visit of its own
    "consent:agreement_copy",
    "consent:agreement_leave",
    "consent:open_agreement",  # a secret link to it: asks for the date of birth
    "consent:my_open",  # a client's secret link: asks for the date of birth
    "consent:my_page",  # that client's own page, for the session that the link opened
    "consent:my_leave",
    "consent:my_copy",
    "consent:my_withdraw",
    "consent:my_agreement",
    "consent:my_agreement_stop",
    "consent:my_question",
    "consent:my_accounting",
    "consent:my_accounting_csv",
    "consent:my_accounting_pdf",
    "care:open_questions",  # a client's secret link to questions: asks for the date of birth
    "care:questions",  # those questions, for the session that the link opened
    "care:calendar_feed",  # a secret address of somebody's times: when, and nothing of what
    "care:questions_leave",  # ends that session
)
