# Two commands: `make grade` grades the sample class, `make test` proves everything. Each sets up .venv when needed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: grade test lock clean

grade: .venv/ready
	$(BIN)/autograder grade examples/class

test: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest
	$(BIN)/autograder certify

# The exact set-up, made again from the ranges in pyproject.toml.
lock: .venv/ready
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --no-header \
		--no-emit-index-url --no-emit-find-links --output-file requirements.txt
	printf '%s\n' '# This project itself, and its commands' '-e .' >> requirements.txt

.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

clean:
	rm -rf .venv graded build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
