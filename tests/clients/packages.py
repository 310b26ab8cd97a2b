"""The clients that come from npm, in the versions of package.json, kept in the build folder."""
import json
import pathlib
import shutil
import subprocess

from harness.places import ROOT

HERE = pathlib.Path(__file__).parent
HOME = ROOT / "build/npm-clients"
MODULES = HOME / "node_modules"


def install():
    """Does nothing when they are there. RuntimeError when they cannot be had."""
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]
    if all(_installed(name) == version for name, version in wanted.items()):
        return
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise RuntimeError("node and npm are needed for the clients of package.json")
    HOME.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "package.json", HOME)
    words = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries", "1",
             "--prefix", HOME]
    try:
        subprocess.run(words, capture_output=True, text=True, timeout=180, check=True)
    except subprocess.TimeoutExpired as error:
        raise RuntimeError("the clients of package.json cannot be had from npm: it did not end") from error
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"the clients of package.json cannot be had from npm:\n{error.stderr}") from error


def _installed(name):
    try:
        return json.loads((MODULES / name / "package.json").read_text())["version"]
    except OSError:
        return None
