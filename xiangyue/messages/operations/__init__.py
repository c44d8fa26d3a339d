"""Every write on messages, a file for each kind."""
