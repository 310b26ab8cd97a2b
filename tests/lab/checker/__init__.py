"""Judges what clients of a shard were told against what the shard holds in the end. See ../README.md."""
from .history import History, HistoryError, Mark, Op, read_history
from .verdict import Finding, Verdict, check

__all__ = ["Finding", "History", "HistoryError", "Mark", "Op", "Verdict", "check", "read_history"]
