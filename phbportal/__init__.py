"""phbportal: an admin portal for NHS personal health budgets."""
