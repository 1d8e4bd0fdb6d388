"""Every service that writes asks leave first, and only the ledger writes the ledger."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.acts import ROOT, acts, first_asking, first_write, imported

# What writes and asks no leave of its own, and why that is right. Nothing else may.
ASKS_NO_LEAVE = {
    "acting_holds.hold_what_rests_on": "a part of ending or holding somebody's part, for which leave is asked",
    "agreements.open_agreement": "a part of sending the answers to an offer, for which leave is asked",
    "approvals.allocate": "called after the leave to approve a plan or a caseload, and by the night of 1 April",
    "birthdays.settle_review": "a part of recording a consent or an assessment, for which leave is asked",
    "birthdays.turn_sixteen": "a part of the nightly work, for nobody in particular",
    "acting_sign_ins.sign_out": "a part of putting somebody on hold or ending them, for which leave is asked",
    "arrangements.done_with_tasks": "ends what waited about an offer, for an act that has asked",
    "caseload_changes.change_people": "a part of bringing a caseload in, for which two people's leave is asked",
    "caseload_changes.change_budgets": "a part of bringing a caseload in, for which two people's leave is asked",
    "caseload_opening.draw_references": "a part of bringing a caseload in, for which two people's leave is asked",
    "workings.work_lines_out": "a part of writing a budget line, for which leave is asked",
    "days_before.set_aside_days_before": "a part of recording a payment, for which leave is asked",
    "decision_effects.at_issue": "a part of approving a decision, for which leave is asked",
    "decision_effects.change_amount": "a part of answering a reconsideration, for which leave is asked",
    "decision_effects.change_day": "a part of answering a reconsideration, for which leave is asked",
    "decision_effects.end_before": "a part of approving a decision, for which leave is asked",
    "decision_effects.follow_up": "what has to be done because of a decision, for an act that has asked",
    "decision_effects.take_effect": "a part of approving a decision, or the nightly work on its day",
    "decision_effects.undo": "a part of answering a reconsideration or lifting a suspension, for which leave is asked",
    "decision_chain.hand_on": "a part of putting back what a decision changed, for which leave is asked",
    "decision_chain.reduce_from": "a part of putting back what a decision changed, for which leave is asked",
    "decision_chain.comes_back_with_its_budget": "a part of putting back what a decision changed, as above",
    "decisions.carry_out_decisions": "the portal's own nightly work, for nobody in particular",
    "budget_versions.write_version": "a part of changing the amount of a budget, for which leave is asked",
    "budget_versions.carry_over": "a part of approving what is added to a budget, for which leave is asked",
    "budget_versions.put_last": "a part of approving what is added to a budget, for which leave is asked",
    "budget_versions.copy_shares": "a part of writing a version of a budget, for which leave is asked",
    "budgets.recount": "a part of writing a budget or sending its plan, for which leave is asked",
    "consent_gone.look_at_consent": "a part of recording a consent or an assessment, for which leave is asked",
    "budget_versions.replace_versions": "a part of changing the amount of a budget, for which leave is asked",
    "household.look_at_household": "a part of changing a personal assistant, for which leave is asked",
    "letters.send_about": "a part of an act whose letters it sends, for which leave is asked",
    "uplift_effects.put_in_effect": "a part of writing what an approver agreed to, or the nightly work on its day",
    "uplift_night.carry_out_uplifts": "the portal's own nightly work, for nobody in particular",
    "uplift_effects.overtake": "a part of approving a decision, for which leave is asked",
    "uplift_effects.take_out": "a part of reversing a decision, for which leave is asked",
    "uplift_effects.write_all": "carries out what an approver agreed to, by the worker or the night",
    "uplift_night.write_approved": "carries out what an approver agreed to, in the night",
    "uplift_effects.give_up_uplift": "the worker's own mark on an uplift that it could not finish writing",
    "uplift_effects.write_uplift": "carries out what an approver agreed to, by the worker or the night",
    "year_money.settle_years": "a part of changing the amount of a budget, for which leave is asked",
    "letters.send_letters": "a part of approving a decision or answering one, for which leave is asked",
    "outbox.send_letter": "the worker's own work, for a letter that two people's leave stands behind",
    "outbox.send_again": "the portal's own nightly work, for nobody in particular",
    "outbox.listen": "the portal's own nightly work, for nobody in particular",
    "outbox.hear_of_letter": "the worker's own work, for a letter that two people's leave stands behind",
    "scans.scan_waiting": "the portal's own work, for nobody in particular",
    "scans.scan_unchecked": "the portal's own work, for nobody in particular",
    "purchases.account_for": "a part of recording what was spent, for which leave is asked",
    "endings.set_death_review": "a part of recording a death, for which leave is asked, or the night's work",
    "growing_up.grown_up": "the portal's own nightly work, for nobody in particular",
    "expiry_clock.run_expiry_clock": "the portal's own nightly work, for nobody in particular",
    "walks.walked": "the portal's own nightly work, for nobody in particular",
    "walks.by_itself": "the portal's own nightly work, for nobody in particular",
    "walks.come_back": "the portal's own nightly work, for nobody in particular",
    "exports.note_progress": "the worker's own count, for a list that two people agreed on",
    "exports.finish_export": "the worker's own mark, for a list that two people agreed on",
    "exports.give_up_export": "the worker's own mark, for a list that two people agreed on",
    "exports.forget_exports": "the portal's own nightly work, for nobody in particular",
    "unit_of_work.open_unit": "writes what followed from acts for which leave was asked, and commits",
    "following.follow": "the lines of history that follow from acts for which leave was asked",
    "indicative.enter_planning": "a part of starting a plan, for which leave is asked",
    "jobs.claim": "the worker's own mark on a row of work",
    "jobs.run_one": "the worker's own mark on a row of work",
    "form_drafts.keep_form_draft": "keeps what a member of staff typed, for themselves alone",
    "form_drafts.drop_form_draft": "throws away what a member of staff typed themselves",
    "form_drafts.sweep_form_drafts": "the portal's own nightly work, for nobody in particular",
    "import_rows.begin_rows": "the worker's own marks, for a file whose preparer had leave to have it tried",
    "import_rows.keep_rows": "the worker's own marks, for a file whose preparer had leave to have it tried",
    "import_rows.finish_try": "the worker's own mark, for a file whose preparer had leave to have it tried",
    "import_rows.rows_written": "a part of bringing a file in, for which the list's own service asks",
    "import_rows.file_written": "a part of bringing a file in, for which the list's own service asks",
    "import_rows.rows_refused": "the worker's own marks on the rows of a file",
    "import_rows.finish_import": "a part of bringing a file in, for which the list's own service asks",
    "import_rows.give_up_import": "the worker's own mark on a file that it could not finish",
    "import_rows.forget_imports": "the portal's own nightly work, for nobody in particular",
    "import_look.keep_doubts": "the worker's own marks, for a file whose preparer had leave to have it tried",
    "taking_back.undo_import": "the worker's part of taking a file back, for which leave was asked when it was begun",
    "isf_clock.end_offers": "the portal's own nightly work, for nobody in particular",
    "leavers.end_sessions": "a part of ending somebody's role, for which leave is asked",
    "leavers.withdraw_codes_of": "a part of ending somebody's role, for which leave is asked",
    "ledger.post": "what happens to money is somebody else's act: that service has asked",
    "ledger.post_many": "the only writer of the ledger, for many at once; the service that posts has asked",
    "ledger.reverse": "finds the entry in the actor's own sight; the service that corrects asks",
    "ledger.reverse_many": "finds the entries in the actor's own sight; the service that corrects asks",
    "payee_agreements.end_agreements": "a part of naming who is paid, for which leave is asked",
    "payee_agreements.settle_ready": "a part of approving bank details or signing, for which leave is asked",
    "reference_data.add_boards": "public names and codes, from the data the package ships",
    "reference_data.load_boards": "public names and codes, from the data the package ships",
    "endings.begin": "a part of recording a death or an ending, for which leave is asked, and of the night's work",
    "endings.end_for_death": "a part of recording a death, for which leave is asked, and of the night's work",
    "hospital.take_deductions": "a part of recording a payment, for which leave is asked",
    "hospital.free_deductions": "a part of cancelling a payment, for which leave is asked",
    "review_clock.run_review_clock": "the portal's own nightly work, for nobody in particular",
    "review_setting.add_review": "a part of an act that has asked leave, or of the night's work",
    "review_setting.drop_reviews": "a part of ending a budget, for which leave is asked",
    "review_setting.review_of_change": "a part of recording a change in a life, for which leave is asked",
    "review_setting.review_of_payee": "a part of agreeing a nominee, for which leave is asked",
    "many_rows.insert_many": "the one way to write many rows; the service that has them written asks",
    "many_rows.columns_ready": "the first half of insert_many, for a service that asks",
    "many_rows.many_ready": "the first half of insert_many, for a service that asks",
    "many_rows.update_many": "the one way to change many rows; the service that has them changed asks",
    "many_rows.update_in": "the one way to change many rows; the service that has them changed asks",
    "references.next_number": "a number given out for an act that has asked",
    "references.next_payment_reference": "a number given out for an act that has asked",
    "references.next_phb_reference": "a number given out for an act that has asked",
    "tasks.done_with": "ends what waited about a part, for an act that has asked",
    "board_money.add_up_again": "a part of one board's taking over from another, for which two people's leave is asked",
    "passing_on.pass_on": "a part of one board's taking over from another, for which two people's leave is asked",
    "succession_staff.staff_follow": "a part of one board's taking over from another, for which leave is asked",
    "succession_staff.others_follow": "a part of one board's taking over from another, for which leave is asked",
    "successions.gather": "ends what two people approved: rows written in the moment it was carried out",
    "open_plans.copy_contents": "a part of beginning a new version of a plan, for which leave is asked",
    "open_plans.unsign": "a part of changing a plan, for which leave is asked",
    "plans.put_service": "a part of adding a service to a plan, for which leave is asked",
    "renewals.ask_for_renewals": "the portal's own nightly work, for nobody in particular",
    "tasks.over_about": "ends what waited for a person, for an act that has asked",
    "tasks.over": "ends what waited for a budget, for an act that has asked",
    "tick.tick": "the portal's own nightly work, for nobody in particular",
    "users.invite_to_organisation": "a part of inviting somebody, for which leave is asked",
    "users.find_or_bind": "the door: before it nobody is anybody who could have leave",
    "views.save_view": "a way to look at a list, of a member of staff for themselves or their board",
    "views.change_view": "a way to look at a list, of a member of staff: their own alone",
    "views.drop_view": "a way to look at a list, of a member of staff: their own alone",
    "views.remember_layout": "how a member of staff set a list out, for themselves alone",
    "views.keep_view": "keeps what a member of staff typed to search, for their own team",
}
# Of these a screen may use some, for they are a person's own.
FOR_SCREENS = {
    "views.keep_view", "form_drafts.keep_form_draft", "form_drafts.drop_form_draft", "unit_of_work.open_unit",
}  # fmt: skip
READING = {"execute", "get", "get_one", "get_bind", "connection", "scalars", "scalar"}
SESSIONS = {"session", "uow.session", "db"}
LEDGER_TABLES = {"LedgerAccount", "LedgerJournal", "LedgerPosting"}
LEDGER_WRITES = {
    "insert",
    "insert_or",
    "update",
    "delete",
    "add",
    "insert_many",
    "many_ready",
    "update_many",
    "put",
    "put_with",
}

WRITERS = sorted(name for name, act in acts().items() if act.is_public and first_write(act) is not None)


def test_the_services_that_write_are_found() -> None:
    """Without this, reading the source wrongly would pass everything."""
    assert {"people.add_person", "approvals.approve_plan", "payments.confirm_payment", "ledger.post"} <= set(WRITERS)
    assert "payments.read_payment" not in WRITERS
    assert "budgets.streams_of" not in WRITERS


@pytest.mark.parametrize("name", WRITERS)
def test_a_service_that_writes_asks_leave_before_it_does(name: str) -> None:
    act = acts()[name]
    asked, written = first_asking(act), first_write(act)
    if name in ASKS_NO_LEAVE:
        assert asked is None, f"{name} asks leave now: take it off the list in {Path(__file__).name}"
        return
    assert asked is not None, (
        f"{act.where} {act.node.name} writes and asks nobody's leave. "
        "Call uow.require(Permission.…, row) before it writes, or give the reason in ASKS_NO_LEAVE."
    )
    assert written is not None
    assert asked <= written, f"{act.where} {act.node.name} writes before it asks leave: call uow.require(…) first"


def test_a_part_of_a_service_that_asks_leave_asks_before_it_writes_too() -> None:
    late = [
        act.where
        for act in acts().values()
        if (asked := first_asking(act)) and (written := first_write(act)) and asked > written
    ]
    assert late == [], "call uow.require(…) before the first change"


def test_every_reason_to_ask_no_leave_is_of_a_service_that_exists() -> None:
    assert set(ASKS_NO_LEAVE) <= set(WRITERS), "take what is gone off the list"
    assert all(len(reason) > 20 for reason in ASKS_NO_LEAVE.values())


def test_no_screen_uses_a_service_that_asks_no_leave() -> None:
    found: list[str] = []
    for room in ("pages", "edge", "endpoints", "ui"):
        for path in sorted((ROOT / "phbportal" / room).rglob("*.py")):
            tree = ast.parse(path.read_text())
            names = imported(tree)
            used = {full for full in names.values() if full in ASKS_NO_LEAVE}
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
                    used |= {f"{names[node.value.id]}.{node.attr}"} & set(ASKS_NO_LEAVE)
            found += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(used - FOR_SCREENS)]
    assert found == [], "call the service that asks leave and uses this one"


def test_only_the_ledger_writes_the_ledger() -> None:
    found: list[str] = []
    for path in sorted((ROOT / "phbportal").rglob("*.py")):
        if path.relative_to(ROOT).as_posix() == "phbportal/services/ledger.py":
            continue
        for call in (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)):
            verb = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            tables = {a.id for a in call.args if isinstance(a, ast.Name)} & LEDGER_TABLES
            if tables and verb in LEDGER_WRITES:
                found.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert found == [], "post through phbportal/services/ledger.py"


def test_the_reading_room_writes_nothing() -> None:
    found: list[str] = []
    for path in sorted((ROOT / "phbportal" / "queries").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sqlalchemy"):
                if {"insert", "update", "delete"} & {a.name for a in node.names}:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
            elif isinstance(node, ast.Attribute) and node.attr not in READING and ast.unparse(node.value) in SESSIONS:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.attr}")
    assert found == [], "a query only reads: write in phbportal/services"
