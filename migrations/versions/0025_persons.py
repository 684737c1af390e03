"""Persons: a schema and a role of their own, the wall between levy and acquisition, and a log of every read.

Revision ID: 0025
"""

from pathlib import Path

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_name("0025_persons.sql")
_WHO = {"changed_by": "Name of the officer who last changed it.", "changed_at": "When it last changed."}
_KEY = {"id": "Stable integer key."}
_NIS = {"nis_code": "NIS code of the municipality."}
ABOUT = {
    "retention": "How long each municipality keeps contacts and the log of reads, where it chose so itself.",
    "person": "Contacts. Only the role kernkaart_crm reads them, through functions that log it.",
    "person_tie": "What a contact is tied to: a shop unit or an acquisition case.",
    "person_change": "Every change of a contact, written by the database; goes when the person is erased.",
    "access_log": "Who read, changed, exported or erased which contact, when and why; rows are added, never changed.",
    "erasure": "That a contact was erased: a count without a person.",
}
COMMENTS = {
    "retention": {
        **_NIS,
        "prospect_months": "A prospect without contact is erased after so many months.",
        "owner_months": "An owner or broker is erased so many months after the unit was let again.",
        "lost_months": "A contact of a lost or rejected case is erased after so many months.",
        "log_months": "The log of reads is kept so many months.",
        **_WHO,
    },
    "person": {
        **_KEY,
        **_NIS,
        "full_name": "Name.",
        "organisation": "Organisation they act for.",
        "email": "E-mail address.",
        "phone": "Telephone number.",
        "language": "Language they are addressed in: nl, fr or en.",
        "legal_basis": "Code list person_legal_basis: public_task (GDPR 6.1.e), consent, pre_contract.",
        "legal_basis_note": "Which task, or how and when consent was given; consent needs it.",
        "source": "Code list person_source: where the data come from.",
        "purpose": "Code list person_purpose: what they were collected for.",
        "collected_on": "Day on which they were collected.",
        "informed_on": "Day on which the person was informed (GDPR 13, 14); empty while not.",
        "last_contact_on": "Day of the last contact.",
        "do_not_contact": "Did the person ask not to be contacted?",
        "note": "Facts only: no opinions, health or solvency. Shown to the person on request.",
        "acquisition_basis": "On which basis a contact from behind the wall may be used for acquisition.",
        "acquisition_basis_note": "Which task, consent or request that is.",
        "acquisition_basis_by": "Name of the officer who recorded it.",
        "acquisition_basis_at": "When it was recorded.",
        "is_for_acquisition": "May it be used for acquisition? Generated.",
        "inform_by": "Last day to inform the person: a month after collection, or the first contact; generated.",
        "version": "Raised by every change; whoever changes names the version that was read.",
        "made_at": "When it was made.",
        **_WHO,
    },
    "person_tie": {
        **_KEY,
        "person_id": "The contact.",
        "role": "Code list person_role.",
        "shop_unit_id": "The shop unit, or empty.",
        "case_id": "The acquisition case, or empty.",
        "made_by": "Name of the officer who made the tie.",
        "made_at": "When it was made.",
    },
    "person_change": {
        **_KEY,
        "person_id": "The contact.",
        "version": "Version that the change made.",
        "kind": "made, facts or undone.",
        "before": "Changed columns as they were.",
        "after": "Changed columns as they became.",
        "changed_by": "Name of the officer who changed it.",
        "changed_at": "When it was changed.",
        "undoes_id": "The change that this one takes back.",
    },
    "access_log": {
        **_KEY,
        "at": "When.",
        "officer": "Name that the officer gave.",
        "action": "list, read, change, export or erase.",
        "purpose": "For what it was read: levy or acquisition.",
        "route": "By which way: the address of the request, or the command.",
        "person_id": "Key of the contact; of nobody once it is erased.",
        **_NIS,
    },
    "erasure": {
        **_KEY,
        **_NIS,
        "erased_at": "When.",
        "reason": "asked, or the rule of retention: prospect, owner, lost.",
        "erased_by": "Name of the officer, or the retention job.",
        "source": "Where the data came from.",
        "purpose": "What they were collected for.",
        "months_kept": "How long they were kept, whole months.",
    },
}
KEEP_CASE_CHANGES = """
CREATE OR REPLACE FUNCTION keep_case_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What happened to a case is not changed.' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    """Make roles, schema, tables, functions and rights."""
    op.get_bind().connection.cursor().execute(SQL.read_text(encoding="utf-8"))
    for table, columns in COMMENTS.items():
        op.execute(f"COMMENT ON TABLE crm.{table} IS '{ABOUT[table]}'")
        for name, comment in columns.items():
            op.execute(f"COMMENT ON COLUMN crm.{table}.{name} IS '{comment}'")


def downgrade() -> None:
    """Remove all but the roles, which another database of the server may rest on."""
    op.execute("DROP FUNCTION contacts_of_import(bigint)")
    op.execute(
        "ALTER FUNCTION ensure_count_partitions(timestamptz, timestamptz) SECURITY INVOKER RESET search_path"
    )
    op.execute(KEEP_CASE_CHANGES)
    op.execute("DROP SCHEMA crm CASCADE")
    op.execute("ALTER TABLE footfall_sensor DROP COLUMN on_device")
    for role in ("kernkaart_app", "kernkaart_crm"):
        for what in ("ALL TABLES IN SCHEMA public", "ALL SEQUENCES IN SCHEMA public", "SCHEMA public"):
            op.execute(f"REVOKE ALL ON {what} FROM {role}")
