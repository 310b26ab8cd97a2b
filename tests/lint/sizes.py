#!/usr/bin/env python3
"""A ratchet on the longest files: none may pass the limit for its kind, and those that already do may not grow.

    tests/lint/sizes.py            check
    tests/lint/sizes.py --write    record the present lengths of the long ones
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORD = pathlib.Path(__file__).with_name("long_files.json")
LIMITS = {".h": 150, ".cc": 300, ".py": 300, ".proto": 400}


def lengths():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in LIMITS and path.exists():
            yield name, len(path.read_text().splitlines()), LIMITS[path.suffix]


def main():
    long = {name: count for name, count, limit in lengths() if count > limit}
    if "--write" in sys.argv:
        RECORD.write_text(json.dumps(long, indent=2, sort_keys=True) + "\n")
        return 0
    allowed = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    grown = [f"{name}: {count} lines, allowed {allowed.get(name, LIMITS[pathlib.Path(name).suffix])}" for name, count in sorted(long.items()) if count > allowed.get(name, 0)]
    print("\n".join(grown), end="\n" if grown else "")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
