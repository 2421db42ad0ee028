# kapcare: `make demo` to try it, `make test` to check it.
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test chaos lint format lock screenshots clean
SHELL := /bin/bash

# The first of these that is new enough makes the environments.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
export PORT ?= 8000
DEV := .venv-test/bin
PYTEST := $(DEV)/python -m pytest -n auto --maxprocesses 4 --dist load --maxschedchunk 1 -rs

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

# An environment is made anew only when its lock changes.
.venv/installed: requirements.lock
.venv-test/installed: requirements-dev.lock
.venv/installed .venv-test/installed:
	@if [ -z "$(PYTHON)" ]; then echo "kapcare needs Python 3.11 or newer."; exit 1; fi
	@echo "Making $(@D) from $< (once) ..."
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r $<
	@touch $@

demo: .venv/installed ## run everything with sample people on http://127.0.0.1:8000 (PORT=...)
	@KAPCARE_DEMO=1 exec .venv/bin/python manage.py demo

demo-reset: ## throw the demo's data away
	rm -rf var

test: .venv-test/installed ## run all tests, on SQLite and then on PostgreSQL (REQUIRE_ALL=1: no skips)
	$(PYTEST) --db=sqlite -m "not postgres and not servers and not browser"
	$(PYTEST) --db=postgres

chaos: .venv-test/installed ## ten thousand reminders while everything is killed: a quarter of an hour (SEED=...)
	$(DEV)/python -m tests.chaos $(if $(SEED),--seed $(SEED))

lint: .venv-test/installed ## style, templates, types, import layers
	$(DEV)/ruff check .
	$(DEV)/ruff format --check .
	$(DEV)/djlint templates --lint
	SECRET_KEY=lint $(DEV)/mypy
	$(DEV)/lint-imports

format: .venv-test/installed ## let ruff format the code
	$(DEV)/ruff check --fix .
	$(DEV)/ruff format .

UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate pyproject.toml
lock: ## write the locks anew from pyproject.toml (needs uv: pip install uv)
	$(UV_COMPILE) -o requirements.lock
	$(UV_COMPILE) --extra dev -c requirements.lock -o requirements-dev.lock

screenshots: .venv-test/installed ## take the pictures of the documentation
	$(DEV)/python -m tests.browser.screenshots

clean: ## remove the environments and caches; the demo's data stays
	rm -rf .venv .venv-test .mypy_cache .ruff_cache .import_linter_cache .hypothesis
