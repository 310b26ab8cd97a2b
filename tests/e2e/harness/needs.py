"""What a test needs of the machine; without it the test is skipped."""
import pytest

from .places import images


def _minors(wanted):
    return {full.rpartition(".")[0] for engine, full in images() if engine == wanted}


# Who runs one file by hand may not have all images yet, and one that is missing says nothing of the product.
# deploy/engine-image makes those that are missing; tests/run makes all.
needs_81 = pytest.mark.skipif(not {"8.0", "8.1"} <= _minors("valkey"), reason="no images of valkey 8.0 and 8.1")
needs_redis_70 = pytest.mark.skipif("7.0" not in _minors("redis"), reason="no image of redis 7.0")
