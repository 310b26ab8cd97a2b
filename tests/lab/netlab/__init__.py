"""Hosts, faults, writers and stories for the tests beside this folder. See ../README.md.

Imports nothing by itself: `writer` and `reaper` run as programs and need little of it.
"""
