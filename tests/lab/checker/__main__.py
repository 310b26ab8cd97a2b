"""python3 -m checker HISTORY.jsonl…: prints the verdict on the files together. Status 1 with breaches, 2 without a history."""
import sys

from . import HistoryError, check, read_history


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        verdict = check(read_history(*sys.argv[1:]))
    except (HistoryError, OSError) as error:
        print(f"no verdict: {error}", file=sys.stderr)
        return 2
    print(verdict)
    return 1 if verdict.breaches else 0


if __name__ == "__main__":
    sys.exit(main())
