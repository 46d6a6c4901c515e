"""The Active Job Dashboard: a row for each active job, with its work, its invoices and what is unbilled."""
