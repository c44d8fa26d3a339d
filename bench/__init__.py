"""What must be fast, measured beside the raw database doing the same work in the same run (docs/bench.md).

    python -m bench [NAME…] [--small] [--county HOUSEHOLDS]… [--slow-commit]

These are never tests: nothing fails when a figure is bad. Each run has a data home and a server of its own, under
the system's temporary folder, and leaves nothing behind.
"""
