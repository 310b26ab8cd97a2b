"""Waiting on conditions. No test sleeps and hopes: it waits until something holds, or watches that it goes on holding."""
import time

PAUSE = 0.02


def wait_until(what, condition, seconds=20.0):
    """The first true value of condition(). What it raises counts as not yet. AssertionError at the deadline."""
    deadline = time.monotonic() + seconds
    last = None
    while True:
        try:
            last = condition()
            if last:
                return last
        except Exception as error:  # pylint: disable=broad-except
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}; last seen: {last!r}")
        time.sleep(PAUSE)


def holds_for(what, condition, seconds):
    """Asserts that the condition holds, asked again and again for so long. Returns how often it was asked."""
    deadline = time.monotonic() + seconds
    asked = 0
    while time.monotonic() < deadline:
        value = condition()
        assert value, f"no longer so after {seconds - (deadline - time.monotonic()):.2f} s: {what}; seen: {value!r}"
        asked += 1
        time.sleep(PAUSE)
    return asked
