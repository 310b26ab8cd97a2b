'use strict';
const { Redis } = require('ioredis');
const { endpoint, tellError, writeOn } = require('./writer.cjs');

const { host, port } = endpoint();
const client = new Redis(port, host);
client.on('error', tellError);
writeOn('ioredis', (key, value) => client.set(key, value));
