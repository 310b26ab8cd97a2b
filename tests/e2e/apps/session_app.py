"""A small web application that keeps its users' sessions in a cache: python3 session_app.py PORT CACHE_HOST CACHE_PORT.

POST /login?user=NAME  answers a session id        POST /add?session=ID&item=NAME  puts something into the cart
GET /cart?session=ID   answers user and cart, or 401 where there is no such session
"""
import http.server
import json
import secrets
import sys
import urllib.parse

import redis

LIFETIME_SECONDS = 1800


class Sessions:
    def __init__(self, host, port):
        self._cache = redis.Redis(host=host, port=port, decode_responses=True, socket_timeout=5)

    def begin(self, user):
        session = secrets.token_urlsafe(16)
        self._cache.hset(f"session:{session}", mapping={"user": user, "cart": "[]"})
        self._cache.expire(f"session:{session}", LIFETIME_SECONDS)
        return session

    def read(self, session):
        fields = self._cache.hgetall(f"session:{session}")
        return {"user": fields["user"], "cart": json.loads(fields["cart"])} if fields else None

    def add(self, session, item):
        state = self.read(session)
        self._cache.hset(f"session:{session}", "cart", json.dumps(state["cart"] + [item]))


class Handler(http.server.BaseHTTPRequestHandler):
    sessions = None

    def do_GET(self):
        state = self.sessions.read(self.query("session"))
        self.answer(200 if state else 401, state)

    def do_POST(self):
        if self.path.startswith("/login"):
            return self.answer(200, {"session": self.sessions.begin(self.query("user"))})
        self.sessions.add(self.query("session"), self.query("item"))
        return self.answer(200, {})

    def query(self, name):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)[name][0]

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    Handler.sessions = Sessions(sys.argv[2], int(sys.argv[3]))
    with http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
