"""Every engine image on this machine makes a cluster of that engine and version."""
import pytest

from harness import address_of, images, info


@pytest.mark.parametrize("engine, full_version", images(), ids=lambda value: value)
def test_a_cluster_runs_exactly_the_engine_and_version_asked_for(shared, engine, full_version):
    minor = full_version.rpartition(".")[0]
    cluster = shared.create("sample", engine=engine, engine_version=minor, replicas=1)
    assert cluster.described["spec"]["engine_version"] == minor
    for node in cluster.nodes:
        server = info(address_of(node), "server")
        assert server[f"{engine}_version"] == full_version == node["engine_version"]
        assert ("valkey_version" in server) == (engine == "valkey")
    with cluster.connect() as writer, cluster.connect_reader() as reader:
        writer.set("engine", engine)
        assert writer.wait(1, 5000) == 1
        assert reader.get("engine") == engine
    shared.delete("sample")
    assert shared.engines() == {}


def test_the_catalogue_lists_the_images_that_the_agents_have(shared):
    rows = shared.cachectl("engine-version", "list").expect(0).json["engine_versions"]
    listed = sorted({(row["engine"], image) for row in rows for image in row["images"]})  # ElastiCache's own numbers have those of others
    assert listed == images()
    assert [row["version"] for row in rows if row["engine"] == "valkey" and row["is_default"]] == ["8.0"]


def test_without_a_version_the_default_is_taken(shared):
    cluster = shared.create("plain")
    assert (cluster.described["spec"]["engine"], cluster.described["spec"]["engine_version"]) == ("valkey", "8.0")
    shared.delete("plain")
