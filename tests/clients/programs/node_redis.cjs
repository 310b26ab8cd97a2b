'use strict';
const { createClient } = require('redis');
const { endpoint, tellError, writeOn } = require('./writer.cjs');

const client = createClient({ socket: endpoint() });
// One without a listener ends the process at its first error, as its documentation says.
client.on('error', tellError);
client.connect().then(() => writeOn('node-redis', (key, value) => client.set(key, value)));
