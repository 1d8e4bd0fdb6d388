# phbportal: the words a newcomer needs are `make run` and `make test`.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

export PATH := $(CURDIR)/$(BIN):$(PATH)
export REFLEX_USE_NPM := 1
export npm_config_omit_lockfile_registry_resolved := true
export PHB_ENVIRONMENT ?= development
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# uv takes a tenth of pip's time; pip, which knows this machine's own settings, is there when uv cannot.
install = $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $(1) \
	|| $(BIN)/python -m pip install -q --require-hashes -r $(1)

.PHONY: help run demo test quick lint types contracts bench migrate audit lock clean

help:
	@echo "make run      set everything up, build the demo world, open the portal on http://localhost:$(PORT)"
	@echo "make test     set everything up and run every test, on SQLite and PostgreSQL and in a browser"
	@echo "make quick    the tests that need no browser"
	@echo "make lint     style, types and import contracts"
	@echo "make bench    measure; the last figures are in benchmarks/README.md"
	@echo "make migrate  bring the database up to date"
	@echo "make audit    look for known faults in the dependencies (needs a network service)"

run: $(VENV)/run.stamp
	@$(BIN)/python -m phbportal.cli run --demo --port $(PORT)

demo: $(VENV)/run.stamp
	@$(BIN)/python -m phbportal.cli migrate && $(BIN)/python -m phbportal.cli demo

migrate: $(VENV)/run.stamp
	@$(BIN)/python -m phbportal.cli migrate

test: $(VENV)/test.stamp
	@$(BIN)/python -m tests.support.machine
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/browser
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/browser

quick: $(VENV)/test.stamp
	@$(BIN)/python -m tests.support.machine --no-browser
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/browser

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) -j2 types contracts

types: $(VENV)/test.stamp
	$(BIN)/pyright

contracts: $(VENV)/test.stamp
	$(BIN)/lint-imports

bench: $(VENV)/test.stamp
	@$(BIN)/python -m benchmarks postgresql --peers

audit: $(VENV)/test.stamp
	$(BIN)/pip-audit -r requirements.lock --require-hashes --disable-pip

lock:
	echo uv | uv pip compile - --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements-uv.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements.lock pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q --extra test -c requirements.lock \
		-o requirements-test.lock pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q --extra notify -c requirements.lock \
		-o requirements-notify.lock pyproject.toml
	for peer in django sqladmin starlette-admin; do \
		uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q \
			-o benchmarks/peers/$$peer.lock benchmarks/peers/$$peer.in || exit 1; done

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Install Python 3.11 or later first."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "Python cannot make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the portal needs (once)…"
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-uv.lock
	@$(call install,requirements.lock)
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: requirements-test.lock $(VENV)/run.stamp
	@echo "Installing what the tests need (once)…"
	@$(call install,requirements-test.lock)
	@touch $@

clean:
	rm -rf .web var build *.egg-info
