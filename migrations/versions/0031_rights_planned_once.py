"""The functions that say what may be seen and done where are planned once per connection.

Revision ID: 0031
"""

import re
from pathlib import Path

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_name("0031_rights_planned_once.sql")
BEFORE = Path(__file__).with_name("0028_accounts.sql")
NAMES = re.compile(r"^CREATE OR REPLACE FUNCTION (rights\.\w+)", re.MULTILINE)


def upgrade() -> None:
    """Write the functions anew, with the same answers."""
    _run(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Bring back the functions of revision 0028."""
    before = BEFORE.read_text(encoding="utf-8")
    for name in NAMES.findall(SQL.read_text(encoding="utf-8")):
        written = re.search(
            rf"^CREATE (FUNCTION {re.escape(name)}\(.*?\$\$.*?\$\$;)", before, re.MULTILINE | re.DOTALL
        )
        if written is None:
            raise LookupError(f"{name} is not in {BEFORE.name}")
        _run(f"CREATE OR REPLACE {written[1]}")


def _run(statements: str) -> None:
    # Through the cursor itself: a colon or a percent sign in SQL is no parameter.
    op.get_bind().connection.cursor().execute(statements)
