"""An app of the test suite alone: its `flush` can empty the append-only tables between transactional tests."""
