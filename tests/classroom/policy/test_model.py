"""A class without rules."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.portable

WITHOUT_ZONES = """\
import sys
import zoneinfo

zoneinfo.reset_tzpath(to=[])
sys.modules["tzdata"] = None
from autograder.classroom.policy.model import Policy

assert not zoneinfo.available_timezones()
print(Policy().zone)
"""


def test_a_class_without_rules_needs_no_data_on_time_zones() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_ZONES], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "UTC\n"), done.stderr
