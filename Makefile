# Kursbuch. `make help` explains every target.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
KURSBUCH_DATA ?= var
export KURSBUCH_DATA
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Or else every process of a user who may not write to the packages would compile them once more, for itself.
export UV_COMPILE_BYTECODE := 1

.DEFAULT_GOAL := help

help: ## Explain every target
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.runtime messages $(VENV)/.warm ## Install everything the server needs; leaves .venv/bin/kursbuch ready

demo: setup ## Load the Gelsenkirchen demonstration and serve it at http://127.0.0.1:8000 (PORT, KURSBUCH_DATA)
	@KURSBUCH_DEMO=1 kursbuch demo --port $(PORT)

test: setup $(VENV)/.dev ## Run all tests: unit, property, PostgreSQL, browser
	@.ci/test

bench: setup $(VENV)/.dev ## Measure the speed on both databases and print one table (docs/speed.md)
	@env -u KURSBUCH_DATA python -m bench

bench-engines: setup $(VENV)/.peers ## Measure tallies and opinion maps beside other programs, one table each (docs/speed.md)
	@env -u KURSBUCH_DATA python -m bench.voting
	@env -u KURSBUCH_DATA python -m bench.opinion

lint: setup $(VENV)/.dev ## Run the linters: ruff, mypy, import-linter
	ruff format --check .
	ruff check .
	mypy
	lint-imports

wheel: setup ## Build the wheel into dist/, with translations and browser libraries inside
	@uv build -q --wheel --no-build-isolation -o dist

lock: $(VENV)/.dev ## Renew the lock files after a change in pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --group build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --group build --group dev --group peers -c requirements-dev.lock pyproject.toml -o requirements-peers.lock

messages: $(patsubst %.po,%.mo,$(wildcard src/kursbuch/*/locale/*/LC_MESSAGES/django.po)) ## Compile the translations

%.mo: %.po | $(VENV)/.packages
	@pybabel -q compile -D django -i $< -o $@

clean: ## Remove everything made here, the demonstration's data in var/ too
	rm -rf $(VENV) node_modules var dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src -name '*.mo' -delete

$(VENV)/.uv:
	@.ci/venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r <(awk '/^uv==/ {on=1} /^[a-z0-9]/ && !/^uv==/ {on=0} on' requirements.lock)
	@touch $@

$(VENV)/.packages: requirements.lock | $(VENV)/.uv
	@uv pip install -q --require-hashes -r requirements.lock
	@touch $@

node_modules/.installed: package-lock.json | $(VENV)/.packages
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The project itself comes last: its build takes the browser libraries along.
$(VENV)/.runtime: pyproject.toml $(VENV)/.packages node_modules/.installed
	@uv pip install -q --no-deps --no-build-isolation --editable .
	@touch $@

# Compiled inner loops are kept beside their modules; those that have not changed are not compiled again.
$(VENV)/.warm: $(VENV)/.runtime $(wildcard src/kursbuch/domain/opinion/*.py src/kursbuch/domain/opinion/*/*.py src/kursbuch/domain/voting/*.py src/kursbuch/domain/voting/*/*.py)
	@$(BIN)/python -m kursbuch.counting.warm
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/.runtime
	@uv pip install -q --require-hashes -r requirements-dev.lock
	@touch $@

# What the engines are measured against; kept out of everybody's way until somebody measures.
$(VENV)/.peers: requirements-peers.lock | $(VENV)/.dev
	@uv pip install -q --require-hashes -r requirements-peers.lock
	@touch $@

.PHONY: help setup demo test bench bench-engines lint wheel lock messages clean
