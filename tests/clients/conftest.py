"""One installation with one cluster. Without npm's packages the tests fail and say so."""
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

import packages  # noqa: E402
from harness import Installation  # noqa: E402

outcomes = []  # {client: outcome} of every fault, for the summary


@pytest.fixture(scope="session")
def npm_packages():
    try:
        packages.install()
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def installation(npm_packages):
    made = Installation()
    try:
        yield made.start()
    finally:
        made.close()


@pytest.fixture(scope="session")
def cluster(installation):
    return installation.create("orders", replicas=2, multi_az=True)


@pytest.fixture(scope="session")
def record():
    return outcomes.append


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failing test shows the ends of the logs."""
    report = (yield).get_result()
    if report.failed:
        for made in Installation.live:
            report.sections.append((f"logs of {made.home.name}", made.tails()))


def pytest_terminal_summary(terminalreporter):
    """What each client saw of each fault."""
    for each in outcomes:
        for name, outcome in each.items():
            line = f"{outcome.fault}: {name}: longest gap {outcome.gap * 1000:.0f} ms, {len(outcome.errors)} errors"
            first = f", first: {outcome.errors[0]}" if outcome.errors else ""
            terminalreporter.write_line(line + first)
