"""The tests of the project: a folder for each of autograder/, and what proves the whole."""

import pytest

pytest.register_assert_rewrite("tests.helpers", "tests.hostile.arena")
