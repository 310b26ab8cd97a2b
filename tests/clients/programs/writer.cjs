// Writes without rest through `set`, which rejects when the client says that a write failed, and tells every outcome in
// a line of its own: "ok NUMBER" or "error WORDS".
'use strict';

const PAUSE_MS = 2;        // paces it: six clients share two cores with what they test
const AFTER_ERROR_MS = 10;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

exports.endpoint = () => ({ host: process.argv[2], port: Number(process.argv[3]) });

exports.tellError = (error) => console.log(`error ${error.name}: ${error.message}`.replace(/\s+/g, ' '));

exports.writeOn = async (key, set) => {
  for (let number = 1; ; number += 1) {
    try {
      await set(key, String(number));
      console.log(`ok ${number}`);
      await pause(PAUSE_MS);
    } catch (error) {
      exports.tellError(error);
      await pause(AFTER_ERROR_MS);
    }
  }
};
