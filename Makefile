# `make run` shows the main job; `make test` checks everything. Both install what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run
DEV := $(VENV)/.dev

.PHONY: run install test test-llm fuzz lint format bench lock clean

run: $(RUN)
	$(BIN)/fedigest demo

# What a server needs, and no more: README.md, "Host it".
install: $(RUN)

# Side by side, since most of the time tests wait for each other's servers.
test: lint
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

lint: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV)
	$(BIN)/python -m tests.bench

# A real server with a small model (0.3 GB, an environment of its own) against the gate.
test-llm: $(DEV) tests/llm/.venv/.done
	$(BIN)/python -m tests.llm.measure

tests/llm/.venv/.done: tests/llm/requirements.txt
	$(PYTHON) -m venv tests/llm/.venv
	tests/llm/.venv/bin/python -m pip install -q --no-deps -r tests/llm/requirements.txt
	touch $@

# Searches each reader for inputs that break it (docs/fuzzing.md); atheris is in an environment of its own.
FUZZ_SECONDS ?= 60
FUZZ ?= documents posts signatures mutated digests public_keys proofs inbox html addresses jrd feeds \
  pages asking
fuzz: tests/fuzz/.venv/.done
	found=0; for target in $(FUZZ); do \
	  tests/fuzz/.venv/bin/python -m tests.fuzz $$target $(FUZZ_SECONDS) tests/fuzz/.found || found=1; \
	done; exit $$found

tests/fuzz/.venv/.done: tests/fuzz/requirements.txt requirements.lock
	$(PYTHON) -m venv tests/fuzz/.venv
	tests/fuzz/.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	tests/fuzz/.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -e .
	tests/fuzz/.venv/bin/python -m pip install -q --disable-pip-version-check -r tests/fuzz/requirements.txt
	touch $@

# The locks hold exact versions with hashes, for every platform; no registry is named in them.
lock: $(DEV)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade -q pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade -q pyproject.toml --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Fedigest needs Python 3.11 or newer; name it: make PYTHON=python3.12 run" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN): $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

$(DEV): $(VENV)/bin/python requirements-dev.lock pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $@ $(RUN)
