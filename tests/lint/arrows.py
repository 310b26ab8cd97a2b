#!/usr/bin/env python3
"""Checks the arrows of docs/ARCHITECTURE.md: which folder may include which, and where foreign headers may appear.

Debian's gRPC lives under /usr/include, so a stray include compiles anywhere; this is what notices it.
Exit status 1 and a line for each wrong include.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Folder -> folders it may include (itself always). The longest matching prefix counts.
ARROWS = {
    "common": [],
    "cache-engine/resp": ["common"],
    "cache-engine/catalog": ["common"],
    "cache-engine/drivers": ["common", "cache-engine/catalog"],
    "cache-engine/images": ["common"],
    "cache-engine/launcher": ["common", "cache-engine/drivers", "cache-engine/images", "cache-engine/catalog"],
    "controlplane/model": ["common"],
    "controlplane/decide": ["common", "controlplane/model"],
    "controlplane/ports": ["common", "controlplane/model"],
    "controlplane/service": ["common", "controlplane/model", "controlplane/ports", "cache-engine/catalog"],
    "controlplane/reconcile": ["common", "controlplane/model", "controlplane/decide", "controlplane/ports", "cache-engine/catalog"],
    "controlplane/store": ["common", "controlplane/model", "controlplane/ports"],
    "controlplane/agents": ["common", "controlplane/model", "controlplane/ports"],
    "controlplane/api": ["common", "controlplane/model", "controlplane/ports", "controlplane/service"],
    "controlplane/gateway": ["common", "controlplane/model", "controlplane/ports", "controlplane/service"],
    "controlplane/app": ["common", "controlplane", "cache-engine/catalog"],
    "nodeagent/decide": ["common"],
    "nodeagent/session": ["common", "nodeagent/decide"],
    "nodeagent/supervisor": ["common", "nodeagent/decide", "cache-engine"],
    "nodeagent/network": ["common"],
    "nodeagent/guard": ["common", "nodeagent/network", "nodeagent/supervisor"],
    "nodeagent/lease": ["common", "nodeagent/decide", "nodeagent/network", "nodeagent/supervisor"],
    "nodeagent/router": ["common", "nodeagent/network"],
    "nodeagent/app": ["common", "nodeagent", "cache-engine"],
    "cli": ["common", "cache-engine/images", "cache-engine/resp"],
}

# A foreign header -> the only folders (or files) it may appear in.
FOREIGN = [
    (r"grpcpp/|grpc/|\.grpc\.pb\.h", ["controlplane/agents", "controlplane/api", "controlplane/gateway", "controlplane/app",
                                      "nodeagent/session", "nodeagent/router", "cli", "tests"]),
    (r"google/protobuf/|\.pb\.h", ["controlplane/agents", "controlplane/api", "controlplane/gateway", "controlplane/app",
                                   "nodeagent/session", "nodeagent/router", "cli", "tests"]),
    (r"sqlite3\.h", ["controlplane/store", "tests"]),
    (r"spdlog/", ["common/log.cc"]),
    (r"boost/", ["controlplane/gateway", "nodeagent/network", "tests"]),
    (r"nftables/", ["nodeagent/network"]),
    (r"nlohmann/json\.hpp", ["cache-engine", "controlplane/store", "controlplane/gateway", "nodeagent", "cli", "tests"]),
]
# In headers these cost every includer seconds.
NOT_IN_HEADERS = re.compile(r"grpcpp/|\.grpc\.pb\.h|nlohmann/json\.hpp|boost/|spdlog/|CLI/CLI")

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]')


def folder_rule(path):
    matches = [prefix for prefix in ARROWS if path == prefix or path.startswith(prefix + "/")]
    return max(matches, key=len) if matches else None


def under(path, folders):
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def check(path, text):
    rule = folder_rule(path)
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(1)
        where = f"{path}:{number}"
        if rule and (ROOT / target).exists() and not under(target, [rule, *ARROWS[rule]]):
            yield f"{where}: {rule} may not include {target}"
        for pattern, allowed in FOREIGN:
            if re.search(pattern, target) and not under(path, allowed):
                yield f"{where}: {target} belongs into {', '.join(allowed)}"
        if path.endswith(".h") and not path.startswith("tests/") and NOT_IN_HEADERS.search(target):
            if not (path.startswith(("cli/", "nodeagent/session/", "nodeagent/router/", "nodeagent/network/", "controlplane/api/", "controlplane/agents/",
                                     "controlplane/gateway/"))):
                yield f"{where}: {target} is too expensive for a header"


def main():
    problems = []
    for part in ("common", "cache-engine", "controlplane", "nodeagent", "cli", "tests"):
        for file in sorted((ROOT / part).rglob("*")):
            if file.suffix in (".h", ".cc"):
                problems += check(str(file.relative_to(ROOT)), file.read_text())
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
