"""The AWS SDK for JavaScript manages a cluster, given an endpoint and a key and nothing else."""
import json
import subprocess

from fleet import PROGRAMS
from harness.aws import AwsApi
from packages import MODULES


def test_the_javascript_sdk_manages_a_group(installation):
    environment = {**AwsApi(installation).environment(), "NODE_PATH": str(MODULES)}
    done = subprocess.run(["node", PROGRAMS / "aws_sdk.cjs", "js"], env=environment, capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["created"], seen["described"]["Status"], seen["deleting"], seen["known"]) == ("creating", "available", "deleting", False)
    assert seen["described"]["Description"] == "made by JavaScript & more"
    assert seen["members"] == ["js-001", "js-002"] == sorted(seen["described"]["MemberClusters"])
    endpoint = seen["described"]["NodeGroups"][0]["PrimaryEndpoint"]
    assert endpoint["Address"] and endpoint["Port"] == 6379
    assert "js" not in installation.cluster_names()
