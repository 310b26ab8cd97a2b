"""An installation as clients of the AWS API use it: keys, endpoint, and the ways in which SDKs, tools and scripts come."""
import json
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

REGION = "us-east-1"
VERSION = "2015-02-02"
NODE_TYPE = "cache.t4g.micro"
COMMAND = "/usr/bin/aws"  # Debian's: another may come first on the path
QUICK = {"Delay": 1, "MaxAttempts": 60}  # of waiters, whose own pace is for the cloud


class AwsApi:
    """With an access key of its own."""

    def __init__(self, installation):
        self.installation = installation
        self.url = f"http://{installation.places.http}"
        created = installation.cachectl("access-key", "create", role="admin").expect(0).json
        self.key, self.secret = created["access_key"]["id"], created["secret_access_key"]

    def client(self, service="elasticache", **options):
        """A boto3 client that tries nothing again."""
        settings = {"aws_access_key_id": self.key, "aws_secret_access_key": self.secret, **options}
        config = Config(proxies={}, retries={"max_attempts": 0}, connect_timeout=5, read_timeout=30)
        return boto3.client(service, region_name=REGION, endpoint_url=self.url, config=config, **settings)

    def environment(self):
        """Of a program that uses an SDK: nothing that this machine's user has set for the cloud is left."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {**kept, "AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret, "AWS_REGION": REGION,
                "AWS_DEFAULT_REGION": REGION, "AWS_ENDPOINT_URL": self.url, "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "NO_PROXY": "*", "no_proxy": "*"}

    def command(self, *words):
        """What `aws elasticache …` prints."""
        # The option as well as the variable: versions before 2.13 know no variable.
        done = subprocess.run([COMMAND, "--endpoint-url", self.url, "--output", "json", "elasticache", *map(str, words)],
                              env=self.environment(), capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return json.loads(done.stdout) if done.stdout else {}

    def signed(self, action, version=VERSION, **parameters):
        """A call on the wire, also one that no SDK would make."""
        body = urllib.parse.urlencode({"Action": action, "Version": version, **parameters})
        signed = AWSRequest("POST", self.url + "/", {"Content-Type": "application/x-www-form-urlencoded"}, body)
        SigV4Auth(Credentials(self.key, self.secret), "elasticache", REGION).add_auth(signed)
        return urllib.request.Request(signed.url, body.encode(), dict(signed.headers), method="POST")

    def post(self, action, version=VERSION, **parameters):
        """(status, text) of it."""
        return self.send(self.signed(action, version, **parameters))

    @staticmethod
    def send(request):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def create_group(client, name, replicas=0, **options):
    """Creates a replication group and returns it, described, once the SDK's own waiter says that it is available."""
    several = replicas > 0
    client.create_replication_group(**{
        "ReplicationGroupId": name, "ReplicationGroupDescription": "for tests", "Engine": "valkey",
        "CacheNodeType": NODE_TYPE, "NumCacheClusters": 1 + replicas, "AutomaticFailoverEnabled": several,
        "MultiAZEnabled": several, **options})
    return wait_available(client, name)


def wait_available(client, name):
    client.get_waiter("replication_group_available").wait(ReplicationGroupId=name, WaiterConfig=QUICK)
    return group(client, name)


def delete_group(client, name):
    client.delete_replication_group(ReplicationGroupId=name)
    client.get_waiter("replication_group_deleted").wait(ReplicationGroupId=name, WaiterConfig=QUICK)


def group(client, name):
    return client.describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"][0]


def primary_endpoint(described):
    """What a client of a group's data dials."""
    endpoint = described["NodeGroups"][0]["PrimaryEndpoint"]
    return endpoint["Address"], endpoint["Port"]


def roles(described):
    """{cache cluster: role}"""
    return {member["CacheClusterId"]: member["CurrentRole"] for member in described["NodeGroups"][0]["NodeGroupMembers"]}


def members(client, name):
    """The group's cache clusters, described with their nodes."""
    pages = client.get_paginator("describe_cache_clusters").paginate(ShowCacheNodeInfo=True)
    return [row for page in pages for row in page["CacheClusters"] if row.get("ReplicationGroupId") == name]
