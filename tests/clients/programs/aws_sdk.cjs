// Creates a replication group, waits, describes, deletes and waits again, through the AWS API of the environment, and tells
// what it saw in one line of JSON.
'use strict';
const {
  CreateReplicationGroupCommand, DeleteReplicationGroupCommand, DescribeReplicationGroupsCommand, ElastiCacheClient,
  ReplicationGroupNotFoundFault, paginateDescribeCacheClusters, waitUntilReplicationGroupAvailable,
  waitUntilReplicationGroupDeleted,
} = require('@aws-sdk/client-elasticache');

const client = new ElastiCacheClient({ maxAttempts: 1 });
const waiting = { client, minDelay: 1, maxDelay: 1, maxWaitTime: 60 };
const named = { ReplicationGroupId: process.argv[2] };

const describe = async () => (await client.send(new DescribeReplicationGroupsCommand(named))).ReplicationGroups[0];

const members = async () => {
  const found = [];
  for await (const page of paginateDescribeCacheClusters({ client, pageSize: 1 }, { ShowCacheNodeInfo: true })) {
    found.push(...page.CacheClusters.filter((row) => row.ReplicationGroupId === named.ReplicationGroupId));
  }
  return found.map((row) => row.CacheClusterId);
};

const isKnown = async () => {
  try {
    await describe();
    return true;
  } catch (error) {
    if (error instanceof ReplicationGroupNotFoundFault) return false;
    throw error;
  }
};

const run = async () => {
  const seen = {};
  const created = await client.send(new CreateReplicationGroupCommand({
    ...named,
    ReplicationGroupDescription: 'made by JavaScript & more',
    Engine: 'valkey',
    CacheNodeType: 'cache.t4g.micro',
    NumCacheClusters: 2,
    AutomaticFailoverEnabled: true,
    Tags: [{ Key: 'by', Value: 'JavaScript' }],
  }));
  seen.created = created.ReplicationGroup.Status;
  await waitUntilReplicationGroupAvailable(waiting, named);
  seen.described = await describe();
  seen.members = await members();
  const deleted = await client.send(new DeleteReplicationGroupCommand(named));
  seen.deleting = deleted.ReplicationGroup.Status;
  await waitUntilReplicationGroupDeleted(waiting, named);
  seen.known = await isKnown();
  console.log(JSON.stringify(seen));
};

run().catch((error) => {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
});
