"""Removes a lab whose test process is gone, even by kill -9: python3 -m netlab.reaper PREFIX DIRECTORY < pipe"""
import shutil
import signal
import sys

from . import network


def main():
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    prefix, directory = sys.argv[1:]
    sys.stdin.read()  # ends with the test process
    network.remove(prefix)
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
