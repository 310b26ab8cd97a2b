"""A newer patch level on the hosts of an installation that has one image alone."""
import shutil

from .places import images


def oldest(minor):
    """The full version of Valkey 8.0, say, of which there is an image."""
    return next(full for engine, full in images() if engine == "valkey" and full.startswith(f"{minor}."))


def add_patch_level(installation, version):
    """An image of the same engine that calls itself by the next patch level, which the agents know once they have been started again."""
    head, _, patch = version.rpartition(".")
    newer = f"{head}.{int(patch) + 1}"
    good = (installation.places.images / f"valkey-{version}").resolve()
    image = installation.places.images / f"valkey-{newer}"
    shutil.copytree(good, image, symlinks=True)
    server = image / "bin" / "valkey-server"
    text = server.read_bytes()
    assert text.count(b"\0" + version.encode() + b"\0") > 0
    server.write_bytes(text.replace(b"\0" + version.encode() + b"\0", b"\0" + newer.encode() + b"\0"))
    description = image / "image.json"
    description.write_text(description.read_text().replace(f'"version": "{version}"', f'"version": "{newer}"'))
    for agent in installation.agents.values():
        agent.stop()
    installation.start()
    return newer
