"""Fixtures: one installation for the tests of a module that leave it whole, own ones for those that break it."""
import contextlib
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness import Installation  # noqa: E402


@contextlib.contextmanager
def running(**options):
    made = Installation(**options)
    try:
        yield made.start()
    finally:
        made.close()


@pytest.fixture(scope="module")
def shared():
    """Tests that use it take away what they made."""
    with running() as made:
        yield made


@pytest.fixture(scope="module")
def aws(shared):
    """`shared` as clients of the AWS API use it."""
    from harness.aws import AwsApi  # boto3 takes half a second, which few tests need
    return AwsApi(shared)


@pytest.fixture(scope="module")
def client(aws):
    return aws.client()


@pytest.fixture
def installation():
    """For tests that kill parts of it."""
    with running() as made:
        yield made


@pytest.fixture(scope="module")
def make_module_installation():
    """As `shared`, with options of Installation."""
    with contextlib.ExitStack() as stack:
        yield lambda **options: stack.enter_context(running(**options))


@pytest.fixture
def make_installation():
    """As `installation`, with options of Installation."""
    with contextlib.ExitStack() as stack:
        yield lambda **options: stack.enter_context(running(**options))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failing test shows the ends of the logs."""
    report = (yield).get_result()
    if report.failed:
        for made in Installation.live:
            report.sections.append((f"logs of {made.home.name}", made.tails()))
