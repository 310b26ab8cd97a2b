"""Terraform with the AWS provider, as it is published."""
import json
import os
import pathlib
import shutil
import subprocess
import warnings

import pytest

NAME = "registry.terraform.io/hashicorp/aws"
PROVIDER = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  default_tags { tags = { team = "core" } }
}
"""
NO_CHANGES, CHANGES = 0, 2  # exit codes of plan -detailed-exitcode


def mirrors():
    """Folders with provider plugins, laid out as `terraform providers mirror` does, wherever they are kept."""
    named = os.environ.get("TF_PLUGIN_MIRROR")
    usual = [named] if named else []
    usual += ["/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins", pathlib.Path.home() / ".terraform.d/plugins"]
    usual += sorted(pathlib.Path("/opt").glob("*")) + sorted(pathlib.Path("/opt").glob("*/plugins"))
    return [pathlib.Path(folder) for folder in usual if (pathlib.Path(folder) / NAME).is_dir()]


def skip(reason):
    warnings.warn(f"TERRAFORM WAS NOT TESTED: {reason}")
    pytest.skip(reason)


class Terraform:
    """A folder with one configuration. Skips the test, loudly, where there is no Terraform."""

    def __init__(self, folder, aws, configuration):
        if shutil.which("terraform") is None:
            skip("there is no terraform")
        found = mirrors()
        if not found:
            skip(f"there is no mirror with {NAME}; TF_PLUGIN_MIRROR may name one")
        self._folder = folder
        (folder / "main.tf").write_text(PROVIDER + configuration)
        settings = folder / "terraform.rc"
        settings.write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{found[0]}" }}\n}}\n')
        self._environment = {**aws.environment(), "TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1",
                             "CHECKPOINT_DISABLE": "1"}
        self.run("init", "-input=false", "-no-color")

    def run(self, *words, allowed=(0,), **variables):
        words = ["terraform", *words, *(f"-var={name}={value}" for name, value in variables.items())]
        done = subprocess.run(words, cwd=self._folder, env=self._environment, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode in allowed, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def apply(self, variables):
        self.run("apply", "-auto-approve", "-input=false", "-no-color", **variables)

    def destroy(self, variables):
        self.run("destroy", "-auto-approve", "-input=false", "-no-color", **variables)

    def output(self):
        """{name: value} of the latest apply."""
        return {name: row["value"] for name, row in json.loads(self.run("output", "-json").stdout).items()}

    def plan(self, variables):
        return self.run("plan", "-detailed-exitcode", "-input=false", "-no-color", allowed=(NO_CHANGES, CHANGES), **variables)

    def check_nothing_to_do(self, variables):
        done = self.plan(variables)
        assert done.returncode == NO_CHANGES, done.stdout
