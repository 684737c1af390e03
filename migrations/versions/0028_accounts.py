"""Accounts, roles, sessions, tokens, how far municipalities share, and the log of what was done.

Revision ID: 0028
"""

from pathlib import Path

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_name("0028_accounts.sql")
ABOUT = {
    "account": "Who may sign in.",
    "attempt": "Failed attempts to sign in, of the last day: too many are made to wait.",
    "audit": "Who signed in, took files along, or changed rights. It only grows; rows go after 24 months.",
    "role_right": "What each role may do with each subject.",
    "share_default": "How far each subject is shared where a municipality chose nothing itself.",
    "api_token": "Secrets with which programs act for an account.",
    "link": "Links with which somebody chooses a password, once.",
    "session": "Browsers in which an account is signed in.",
    "membership": "Roles of accounts, each in one municipality or in all.",
    "sharing": "How far a municipality shares a subject, where it chose so itself.",
}
COMMENTS: dict[str, dict[str, str]] = {
    "account": {
        "id": "Stable integer key.",
        "login": "What is typed to sign in: an e-mail address or a name.",
        "display_name": "Name that stands beside what the account does.",
        "password_hash": "Argon2 hash of the password; empty: none set.",
        "totp_secret": "Secret of one-time codes; empty: not asked.",
        "totp_step": "Half minute of the last code taken: a code works once.",
        "oidc_subject": "Issuer and subject at a provider of identities, with a space between.",
        "database_login": "Login in PostgreSQL for QGIS; empty: none.",
        "is_desk": "Whether several people share it, who each give their name.",
        "is_active": "Whether it may sign in.",
        "signed_in_at": "Last time it signed in.",
        "created_at": "When it was made.",
    },
    "attempt": {
        "id": "Stable integer key.",
        "login": "Login that was tried.",
        "address": "Network address it came from.",
        "at": "When.",
    },
    "audit": {
        "id": "Stable integer key.",
        "at": "When.",
        "account_id": "Account; empty: the application, or nobody signed in.",
        "account_name": "Its login then.",
        "action": "What was done.",
        "nis_code": "NIS code of the municipality it was about.",
        "subject": "Subject it was about.",
        "about": "Thing it was about.",
    },
    "role_right": {
        "role": "Role.",
        "subject": "Subject.",
        "may_look": "May read its rows on a screen.",
        "may_download": "May take its rows along as a file.",
        "may_change": "May write its rows.",
    },
    "share_default": {
        "subject": "Subject.",
        "level": "own, partners or public.",
        "widest": "Furthest a municipality may choose.",
    },
    "api_token": {
        "id": "Stable integer key.",
        "account_id": "Account.",
        "name": "What it is for.",
        "secret_hash": "SHA-256 of the secret.",
        "scope": "read, write or push (counts only).",
        "created_at": "When it was made.",
        "used_at": "Last use, to five minutes; empty: never.",
        "expires_at": "When it ends by itself.",
        "ended_at": "When it was ended; empty: not.",
    },
    "link": {
        "id": "Stable integer key.",
        "purpose": "first (administrator), invitation or reset.",
        "account_id": "Account; empty: the first is made with it.",
        "secret_hash": "SHA-256 of the secret in the link.",
        "created_at": "When it was made.",
        "expires_at": "When it ends by itself.",
        "used_at": "When it was used; empty: not yet.",
    },
    "session": {
        "id": "Stable integer key.",
        "account_id": "Account.",
        "secret_hash": "SHA-256 of the secret in the cookie.",
        "device": "Browser and system, as they say themselves.",
        "address": "Network address it was begun from.",
        "created_at": "When it was begun.",
        "seen_at": "Last use, to five minutes.",
        "expires_at": "When it ends by itself.",
        "ended_at": "When it was ended; empty: not.",
    },
    "membership": {
        "id": "Stable integer key.",
        "account_id": "Account.",
        "nis_code": "NIS code of the municipality; empty: all.",
        "role": "viewer, officer, planner, gis, coordinator, supplier or administrator.",
        "created_at": "When it was given.",
    },
    "sharing": {
        "nis_code": "NIS code of the municipality.",
        "subject": "Subject.",
        "level": "own (rows and sums stay here), partners (sums for partners) or public (rows for all).",
        "changed_by": "Name of who last chose it.",
        "changed_at": "When.",
    },
}


def upgrade() -> None:
    """Make roles, schema, tables, functions and rights."""
    op.get_bind().connection.cursor().execute(SQL.read_text(encoding="utf-8"))
    for table, columns in COMMENTS.items():
        op.execute(f"COMMENT ON TABLE rights.{table} IS '{ABOUT[table]}'")
        for name, comment in columns.items():
            op.execute(f"COMMENT ON COLUMN rights.{table}.{name} IS '{comment}'")


def downgrade() -> None:
    """Remove all but the roles, which another database of the server may rest on."""
    op.execute("DROP TRIGGER check_reading ON crm.access_log")
    op.execute("DROP SCHEMA rights CASCADE")
    op.execute("REVOKE ALL ON public.municipality FROM kernkaart_accounts")
