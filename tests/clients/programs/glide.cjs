'use strict';
const { GlideClient } = require('@valkey/valkey-glide');
const { endpoint, writeOn } = require('./writer.cjs');

GlideClient.createClient({ addresses: [endpoint()] })
  .then((client) => writeOn('glide', (key, value) => client.set(key, value)));
