"""redis-py, written to as programs/writer.cjs does it."""
import sys
import time

import redis

PAUSE, AFTER_ERROR = 0.002, 0.01

client = redis.Redis(host=sys.argv[1], port=int(sys.argv[2]))
number = 0
while True:
    number += 1
    try:
        client.set("redis-py", number)
        print(f"ok {number}", flush=True)
        time.sleep(PAUSE)
    except (redis.RedisError, OSError) as error:
        print(f"error {type(error).__name__}: {error}", flush=True)
        time.sleep(AFTER_ERROR)
