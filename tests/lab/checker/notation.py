"""A short notation for histories in tests. One operation a line, times in milliseconds:

    w1 10-12 add s 1 ok A            client w1, from 10 to 12 ms, adds 1 to the set s; engine A acknowledges
    w1 20-21 add s 2 ok A wait=1     … and one replica confirmed
    w2 30-? append l 7 info          no answer: an unknown outcome
    -- 40 fault                      a mark; `-- 50 promote B epoch=2` names a run
    -- final s 1 2 3                 what s holds in the end
"""
MS = 1_000_000
FINAL = 10_000_000


def _options(words):
    named = dict(word.split("=") for word in words if "=" in word)
    return [word for word in words if "=" not in word], {name: int(value) for name, value in named.items()}


def _operation(words, options):
    client, times, f, key, value, outcome, *run = words
    begin, end = times.split("-")
    base = {"p": client, "f": f, "k": key, "v": int(value)}
    events = [{**base, "t": int(begin) * MS, "ty": "invoke"}]
    if end != "?":
        events.append({**base, "t": int(end) * MS, "ty": outcome, **options, **({"run": run[0]} if run else {})})
    return events


def final(key, values, reader="reader"):
    base = {"p": f"{reader}-{key}", "f": "final", "k": key}
    return [{**base, "t": FINAL * MS, "ty": "invoke"}, {**base, "t": (FINAL + 1) * MS, "ty": "ok", "v": list(values)}]


def _mark(words, options):
    t, what, *run = words
    return [{"t": int(t) * MS, "p": "lab", "ty": "info", "f": "mark", "v": what, **({"run": run[0]} if run else {}), **options}]


def events(text):
    found = []
    for line in text.strip().splitlines():
        words, options = _options(line.split())
        if words[:2] == ["--", "final"]:
            found += final(words[2], map(int, words[3:]), f"reader{len(found)}")
        elif words[0] == "--":
            found += _mark(words[1:], options)
        else:
            found += _operation(words, options)
    return sorted(found, key=lambda event: event["t"])
