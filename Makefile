# Each target sets up what it needs. The environment is .venv in the checkout.
PYTHON ?= python3.11
PYTHON := $(shell command -v $(PYTHON) || command -v python3)
BIN := .venv/bin
KLAAR := .venv/.klaar

.DEFAULT_GOAL := help
.PHONY: help setup monitor dashboard notebooks test test-bi bench bench-lezers fuzz lint ui lock clean

help:
	@echo "make monitor   make the demo region's leveringen, refresh, publish and show the result"
	@echo "make dashboard serve dashboard and factsheets of the current release on http://127.0.0.1:8080/dashboard/"
	@echo "make notebooks open the notebooks for analysts in the browser, on this machine only"
	@echo "make test      run all tests"
	@echo "make test-bi   Apache Superset on the publication, in an environment of its own (.venv-bi)"
	@echo "make bench     the refresh from a region to the whole country, for hours; the outcome goes to bench/RESULTS.md"
	@echo "make bench-lezers   50 readers while releases switch; the outcome goes to bench/RESULTS.md"
	@echo "make fuzz      mutated leveringen, thousands of new ones every time (N=4000)"
	@echo "make lint      check style"
	@echo "make ui        open Dagster on http://127.0.0.1:3000 with the demo region"
	@echo "make lock      renew requirements.lock after a change in pyproject.toml"

setup: $(KLAAR)

$(KLAAR): pyproject.toml requirements.lock
	@echo "Setting up .venv (once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@$(BIN)/python -c "from pipelines.assets.monitor import manifest; manifest()"  # dbt parses the models once
	@touch $(KLAAR)

monitor: setup
	@$(BIN)/jeugdmonitor demo --sources demo/leveringen
	@$(BIN)/jeugdmonitor refresh --sources demo/leveringen --home monitor --period 2024H2 \
		--key-file demo/demo.key --settings demo/demo.yml

# files only: a new release shows at the next page load
dashboard: setup
	@test -d monitor/current/publicatie/dashboard || $(MAKE) --no-print-directory monitor
	@echo "http://127.0.0.1:8080/dashboard/ (stop with Ctrl-C)"
	@$(BIN)/python -m http.server 8080 --bind 127.0.0.1 --directory monitor/current/publicatie

notebooks: setup
	@JEUGDMONITOR_HOME=$(CURDIR)/monitor $(BIN)/marimo edit notebooks --host 127.0.0.1 --port 2718

test: setup
	@$(BIN)/python -m pytest

test-bi: setup .venv-bi/.klaar
	@$(BIN)/python -m pytest -s tests/bi/superset.py

.venv-bi/.klaar: tests/bi/superset.lock | setup
	@echo "Setting up .venv-bi with Superset (once) ..."
	@test -x .venv-bi/bin/python || $(PYTHON) -m venv .venv-bi
	@$(BIN)/uv pip install --quiet --python .venv-bi/bin/python --require-hashes -r tests/bi/superset.lock
	@touch $@

# other sizes: make bench BENCH='--sizes 0.1,1'
bench: setup
	@$(MAKE) --no-print-directory .venv-bench/.klaar || echo "The part on PostgreSQL is left out."
	@$(BIN)/python -m bench.groei $(BENCH)

.venv-bench/.klaar: bench/postgres.lock | setup
	@echo "Setting up .venv-bench with dbt-postgres (once) ..."
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@$(BIN)/uv pip install --quiet --python .venv-bench/bin/python --require-hashes -r bench/postgres.lock
	@touch $@

bench-lezers: setup
	@$(BIN)/python -m bench.lezers

N ?= 4000
fuzz: setup
	@JEUGDMONITOR_FUZZ=$(N) $(BIN)/python -m pytest tests/fuzz --hypothesis-show-statistics

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

ui: setup
	@test -d demo/leveringen || $(BIN)/jeugdmonitor demo --sources demo/leveringen
	@mkdir -p monitor/dagster && printf 'telemetry:\n  enabled: false\n' > monitor/dagster/dagster.yaml
	@DAGSTER_HOME=$(CURDIR)/monitor/dagster JEUGDMONITOR_SOURCES=$(CURDIR)/demo/leveringen \
		JEUGDMONITOR_HOME=$(CURDIR)/monitor JEUGDMONITOR_KEY_FILE=$(CURDIR)/demo/demo.key \
		JEUGDMONITOR_SETTINGS_FILE=$(CURDIR)/demo/demo.yml \
		$(BIN)/dagster dev --host 127.0.0.1 --port 3000

COMPILE := $(BIN)/uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet
lock: setup
	@$(COMPILE) pyproject.toml --extra dev --output-file requirements.lock
	@$(COMPILE) tests/bi/superset.in --no-annotate --output-file tests/bi/superset.lock
	@$(COMPILE) bench/postgres.in --no-annotate --output-file bench/postgres.lock

clean:
	rm -rf .venv .venv-bench .venv-bi bench/werk demo monitor dbt_project/target dbt_project/logs
