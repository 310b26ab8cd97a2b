"""One lab for each test, since tests break it. Without root or `ip` the tests fail and say so: nobody is to think they ran."""
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

from netlab.lab import Lab, why_not  # noqa: E402
from netlab.story import story_of  # noqa: E402


@pytest.fixture
def make_lab():
    labs = []

    def make(**options):
        if reason := why_not():
            pytest.fail(reason, pytrace=False)
        made = Lab(**options)
        try:
            labs.append(made.start())
        except BaseException:
            made.remove()
            raise
        return made
    yield make
    for lab in labs:
        lab.close()


@pytest.fixture
def lab(make_lab):
    return make_lab()


@pytest.fixture
def story(lab, tmp_path):
    """A cluster of three nodes, in three zones, with writers at work."""
    with story_of(lab, lab.create("orders"), tmp_path) as told:
        yield told


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failing test shows the ends of the logs, and where its histories are."""
    report = (yield).get_result()
    if report.failed:
        if directory := getattr(item, "funcargs", {}).get("tmp_path"):
            report.sections.append(("histories", str(directory)))
        for made in Lab.live:
            report.sections.append((f"logs of {made.prefix}", made.tails()))


def pytest_terminal_summary(terminalreporter):
    """The figures of every scenario that came to a verdict."""
    from promises import figures
    for each in figures:
        terminalreporter.write_line(each)
