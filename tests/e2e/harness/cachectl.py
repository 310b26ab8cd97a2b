"""cachectl, as a script would call it."""
import dataclasses
import json
import subprocess

from .places import BIN


@dataclasses.dataclass
class Answer:
    """What one call of cachectl came to."""
    words: list
    code: int
    text: str
    errors: str

    @property
    def json(self):
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise AssertionError(f"no JSON: {self}") from error

    def expect(self, code):
        assert self.code == code, f"exit code {self.code}, expected {code}: {self}"
        return self

    def __str__(self):
        return f"cachectl {' '.join(self.words)}\n  code {self.code}\n  stdout {self.text.strip()}\n  stderr {self.errors.strip()}"


def flags(**options):
    """replicas=2, multi_az=True -> --replicas 2 --multi-az; False is --no-…, None is left out, lists repeat."""
    words = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if isinstance(value, bool):
            words.append(flag if value else "--no-" + flag[2:])
        elif isinstance(value, (list, tuple)):
            for each in value:
                words += [flag, str(each)]
        elif value is not None:
            words += [flag, str(value)]
    return words


class Cachectl:
    def __init__(self, endpoint):
        self.endpoint = endpoint

    def command(self, *words):
        return [str(BIN / "cachectl"), "--endpoint", self.endpoint, "-o", "json", *map(str, words)]

    def __call__(self, *words, stdin="", seconds=60, **options):
        words = [*map(str, words), *flags(**options)]
        done = subprocess.run(self.command(*words), input=stdin, capture_output=True, text=True, timeout=seconds, check=False)
        return Answer(words, done.returncode, done.stdout, done.stderr)
