"""Long histories of a failover, and ways to spoil one operation of them at a place that the seed picks."""
import random

from . import notation

MS = notation.MS
TAKEOVER = 4000  # ms


def failover_story(seed):
    """Four clients with a set and a list each; A serves until 3.9 s, B from 4 s on; nothing acknowledged is lost."""
    draw = random.Random(seed)
    events, there = [], {}
    for number in range(4):
        key, f = (f"s{number}", "add") if number % 2 else (f"l{number}", "append")
        there[key] = []
        _client(draw, f"w{number}", f, key, events, there[key])
    for key, values in there.items():
        events += notation.final(key, values)
    events.append({"t": 3900 * MS, "p": "lab", "ty": "info", "f": "mark", "v": "fault"})
    return sorted(events, key=lambda event: event["t"])


def _client(draw, client, f, key, events, there):
    now, value = draw.randint(1, 10) * MS, 0
    while now < 8000 * MS:
        end = now + draw.randint(100_000, 5 * MS)
        run = "A" if end < 3900 * MS else "B" if now > TAKEOVER * MS else None
        base = {"p": client, "f": f, "k": key, "v": value}
        answer = {"ty": "ok", "run": run, "wait": int(draw.random() < 0.3)} if run else {"ty": "info"}
        events += [{**base, "t": now, "ty": "invoke"}, {**base, "t": end, **answer}]
        if run or draw.random() < 0.5:
            there.append(value)
        value += 1
        now = end + draw.randint(1, 20 * MS)


def _final(events, key):
    return next(event for event in events if event["f"] == "final" and event["ty"] == "ok" and event["k"] == key)


def _acked(events, draw, **wanted):
    """An acknowledgement that has the wanted fields, away from the history's ends."""
    fitting = [event for event in events if event["ty"] == "ok" and event["f"] != "final"
               and all(event.get(name) == value for name, value in wanted.items())]
    return draw.choice(fitting[10:-10])


def lose(events, seed, **wanted):
    ack = _acked(events, random.Random(seed), **wanted)
    _final(events, ack["k"])["v"].remove(ack["v"])
    return events


def invent(events, seed):
    _final(events, random.Random(seed).choice(("s1", "l0")))["v"].append(1_000_000)
    return events


def repeat(events, seed):
    ack = _acked(events, random.Random(seed), f="append")
    _final(events, ack["k"])["v"].append(ack["v"])
    return events


def swap(events, seed):
    values = _final(events, "l0")["v"]
    place = random.Random(seed).randrange(5, len(values) - 10)
    values[place], values[place + 5] = values[place + 5], values[place]
    return events


def refuse(events, seed):
    """Makes a write that took effect a refused one."""
    _acked(events, random.Random(seed), f="add")["ty"] = "fail"
    return events


def remove_in_vain(events, seed):
    """Somebody removed an element, was told so, and it is there."""
    ack = _acked(events, random.Random(seed), f="add", run="B", wait=0)
    base = {"p": "remover", "f": "remove", "k": ack["k"], "v": ack["v"], "run": "B"}
    t = 9_000 * MS
    return sorted(events + [{**base, "t": t, "ty": "invoke"}, {**base, "t": t + MS, "ty": "ok"}], key=lambda event: event["t"])


def answer_from_the_old_one(events, seed):
    """One write after the takeover was acknowledged by the old primary."""
    draw = random.Random(seed)
    later = [event for event in events if event.get("run") == "B" and event["t"] > (TAKEOVER + 300) * MS]
    draw.choice(later[10:-10])["run"] = "A"
    return events


MUTATIONS = {
    "lost": lambda events, seed: lose(events, seed, wait=0),
    "confirmed and lost": lambda events, seed: lose(events, seed, wait=1),
    "lost by the new primary": lambda events, seed: lose(events, seed, run="B", wait=0),
    "invented": invent,
    "repeated": repeat,
    "swapped": swap,
    "refused": refuse,
    "removed in vain": remove_in_vain,
    "the old one answers": answer_from_the_old_one,
}
_KINDS = {"lost": {"lost", "hole"}, "confirmed and lost": {"lost_confirmed"}, "lost by the new primary": {"lost", "hole"},
          "invented": {"phantom"}, "repeated": {"duplicate"}, "swapped": {"reordered"}, "refused": {"phantom"},
          "removed in vain": {"resurrected"}, "the old one answers": {"deposed_ack", "two_primaries"}}


def kinds_that_must_show(name):
    return _KINDS[name]
