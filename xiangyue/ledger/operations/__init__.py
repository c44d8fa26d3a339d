"""Every write on the ledger: opening accounts, posting awards and deductions, spending."""
