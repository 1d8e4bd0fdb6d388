"""The statuses of a budget as a peer's filter offers them: fixed, so that no peer has to look them up in the rows."""

STATUSES = (
    "REFERRED", "OFFERED", "ACCEPTED", "DECLINED", "ASSESSING", "INDICATIVE_SET", "PLANNING", "CLINICAL_REVIEW",
    "FINANCE_REVIEW", "PANEL", "APPROVED", "RETURNED", "REFUSED", "SETUP", "ACTIVE", "CHANGE_PENDING", "SUSPENDED",
    "STOPPING", "CLOSING", "CLOSED",
)  # fmt: skip
