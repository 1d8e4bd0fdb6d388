"""Local choices a board makes, with the defaults of domain.md §4.9. Money in pence, times in the unit of the name."""

from __future__ import annotations

DEFAULTS: dict[str, str] = {
    "bank_change_cooling_hours": "48",
    "cycle_anchor_date": "2026-04-06",
    "payment_frequency": "FOUR_WEEKLY",
    "return_due_days": "28",
    "notice_days_reduce": "28",
    "notice_days_stop": "28",
    "surplus_weeks": "8",
    "contingency_weeks": "1",
    "hospital_full_pay_days": "28",
    "small_balance_write_off_pence": "5000",
    "second_approver_over_weekly_pence": "100000",
    "review_first_months": "3",
    "review_next_months": "12",
    "nominee_review_days": "14",
    "age16_review_days": "28",
    "age16_warning_months": "6",
    "isf_fee_default_pct": "5",
    "isf_bank_cap_weeks": "4",
    "isf_max_hold_weeks": "12",
}
