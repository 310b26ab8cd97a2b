"""Debian's Ansible, used on an installation as its authors publish it."""
import json
import shutil
import subprocess
import warnings

import pytest


def skip(reason):
    warnings.warn(f"ANSIBLE WAS NOT TESTED: {reason}")
    pytest.skip(reason)


class Ansible:
    """Plays in a folder of their own. Skips the test, loudly, where there is no Ansible with its AWS collections."""

    def __init__(self, folder, aws):
        if shutil.which("ansible-playbook") is None:
            skip("there is no ansible-playbook")
        self._folder = folder
        self._aws = aws
        (folder / "ansible.cfg").write_text("")  # what this machine's user has set does not count
        self._environment = {
            **aws.environment(), "ANSIBLE_STDOUT_CALLBACK": "json", "ANSIBLE_HOME": str(folder / "home"), "ANSIBLE_LOCAL_TEMP": str(folder / "local"),
            "ANSIBLE_REMOTE_TEMP": str(folder / "remote"), "ANSIBLE_CONFIG": str(folder / "ansible.cfg"), "ANSIBLE_DEPRECATION_WARNINGS": "False", "ANSIBLE_PIPELINING": "True", "LC_ALL": "C.UTF-8"}

    def play(self, tasks):
        """[{task's name: result}], in order, of the tasks on this machine; each is told endpoint, region and key as its module's documentation says."""
        common = {"endpoint_url": self._aws.url, "region": "{{ lookup('env', 'AWS_REGION') }}",
                  "access_key": "{{ lookup('env', 'AWS_ACCESS_KEY_ID') }}", "secret_key": "{{ lookup('env', 'AWS_SECRET_ACCESS_KEY') }}"}
        collections = ["community.aws", "amazon.aws"]
        modules = ["elasticache", "elasticache_info", "elasticache_parameter_group", "elasticache_snapshot", "elasticache_subnet_group"]
        playbook = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "collections": collections,
                     "vars": {"ansible_python_interpreter": "/usr/bin/python3"},
                     "module_defaults": {f"community.aws.{module}": common for module in modules}, "tasks": tasks}]
        file = self._folder / "playbook.json"
        file.write_text(json.dumps(playbook))  # JSON is YAML
        done = subprocess.run(["ansible-playbook", "-i", "localhost,", str(file)], env=self._environment, cwd=self._folder, capture_output=True,
                              text=True, timeout=300, check=False)
        assert done.returncode == 0, f"{done.returncode}\n{done.stdout}{done.stderr}"
        told = json.loads(done.stdout[done.stdout.index("{"):])
        return [{"name": task["task"]["name"], **task["hosts"]["localhost"]} for task in told["plays"][0]["tasks"]]
