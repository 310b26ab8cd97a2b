"""redis-cli as one that stays open and is typed into, a line at a time. It answers on stdout or stderr."""
import os
import select
import subprocess
import sys
import time

PAUSE, AFTER_ERROR = 0.002, 0.01


def answer(process):
    """The last line of what it says next, on either."""
    readable, _, _ = select.select([process.stdout, process.stderr], [], [])
    lines = os.read(readable[0].fileno(), 65536).decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line), "nothing")


with subprocess.Popen(["redis-cli", "-h", sys.argv[1], "-p", sys.argv[2]], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                      stderr=subprocess.PIPE) as cli:
    while cli.poll() is None:
        # The answer of INCR tells which write it is of, also when an error took two lines.
        cli.stdin.write(b"INCR redis-cli\n")
        cli.stdin.flush()
        said = answer(cli)
        if said.isdigit():
            print(f"ok {said}", flush=True)
            time.sleep(PAUSE)
        else:
            print("error", said, flush=True)
            time.sleep(AFTER_ERROR)
print("error redis-cli ended", flush=True)
