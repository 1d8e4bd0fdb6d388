"""What is measured, against what, and how: ``make bench``. Never part of the tests."""
