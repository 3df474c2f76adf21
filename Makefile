# Two commands do everything on a fresh machine with Python 3.11 (or newer), make and git:
#   make run     sets up .venv and runs the daemon on config/ (another: make run CONFIG=dir)
#   make test    sets up what it needs and runs every check
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
CONFIG ?= config
BIN := $(VENV)/bin

.PHONY: run test check format lock schema clean

run: $(VENV)/.ready
	exec $(BIN)/tocsin run --config "$(CONFIG)"

test: $(VENV)/.ready-dev
	PATH="$(abspath $(BIN)):$$PATH" sh tests/check.sh

# Every tool comes from a lock file with hashes; the package itself is built with what the lock brought.
$(VENV)/.ready: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tocsin needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

format: $(VENV)/.ready-dev
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

schema: $(VENV)/.ready
	$(BIN)/python -m monitor.config.schema > config/schema.json

# Needs uv on the PATH. No index, host or local path may stand in a lock file.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links pyproject.toml --group build -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
