"""Documents of cases, reasons and runs of retention, wished branches per core, and the largest merchant of a cell.

Revision ID: 0027
"""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix(".sql")
_MONTHS = {
    "prospect_months": "A prospect without contact is erased after so many months.",
    "owner_months": "An owner or broker is erased so many months after the unit was let again.",
    "lost_months": "A contact of a lost or rejected case is erased after so many months.",
    "log_months": "The log of reads is kept so many months.",
}
COMMENTS = {
    "case_document": {
        "": "Documents of cases; data of persons belong with the contacts, not here.",
        "id": "Stable integer key.",
        "case_id": "The case.",
        "name": "Name of the file, with its ending; no name of a person.",
        "format": "What it is by its content: pdf, docx, xlsx, pptx, odt, ods, odp or jpg.",
        "description": "What it is about; facts only.",
        "size_bytes": "Size, bytes.",
        "content": "The file, at most 15,000,000 bytes; a picture is made anew without place or camera.",
        "added_by": "Name of the officer who added it.",
        "added_at": "When it was added.",
        "changed_by": "Name of the officer who last changed name or description.",
        "removed_at": "When it was removed; empty while it counts. Thirty days later it goes for good.",
    },
    "crm.retention": {"reason": "Why the municipality chose so; empty: chosen before a reason was asked."},
    "crm.retention_change": {
        "": "Every choice of how long contacts are kept, written by the database; rows are only added.",
        "id": "Stable integer key.",
        "nis_code": "NIS code of the municipality.",
        **_MONTHS,
        "reason": "Why; empty: chosen before a reason was asked.",
        "changed_by": "Name of the officer who chose.",
        "changed_at": "When.",
    },
    "crm.retention_run": {
        "": "What the retention job let go each time, in numbers.",
        "id": "Stable integer key.",
        "nis_code": "NIS code of the municipality.",
        "ran_at": "When it ran.",
        "n_prospect": "Contacts erased by the rule of prospects.",
        "n_owner": "Contacts erased by the rule of owners and brokers.",
        "n_lost": "Contacts erased by the rule of lost cases.",
        "n_log": "Rows of the log of reads that went.",
        "n_documents": "Documents of cases that were removed thirty days before and went for good.",
    },
    "area_figure": {
        "largest_merchant_share": "Share of the largest merchant in spending, 0-1; from 0.6 on it is hidden.",
    },
    "branch_wish": {"core_code": "Code of the core it is said of; empty: the whole municipality."},
}


def upgrade() -> None:
    """Make tables, columns and functions."""
    op.get_bind().connection.cursor().execute(SQL.read_text(encoding="utf-8"))
    for table, comments in COMMENTS.items():
        for name, comment in comments.items():
            what = f"COLUMN {table}.{name}" if name else f"TABLE {table}"
            op.execute(f"COMMENT ON {what} IS '{comment}'")


def downgrade() -> None:
    """Remove them."""
    op.execute("ALTER TABLE area_figure DROP COLUMN largest_merchant_share")
    op.execute("ALTER TABLE branch_wish DROP COLUMN core_code")
    op.execute("DROP TRIGGER blank_documents ON crm.person")
    op.execute("DROP TRIGGER log_retention ON crm.retention")
    for function in (
        "crm.drop_removed_documents(text)", "crm.blank_documents()", "crm.log_retention()", "crm.documents_about(bigint)",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP TABLE crm.retention_run")
    op.execute("DROP TABLE crm.retention_change")
    op.execute("ALTER TABLE crm.retention DROP COLUMN reason")
    op.execute("DROP TABLE case_document")
