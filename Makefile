# The one front door. Needs Python 3.11+ and make; `make run` and `make test` set everything up themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
WORKERS ?= 2
CRASHES ?= 100
EXAMPLES ?= 2000

.PHONY: run test test-served test-others browser r lake check bench bench-site crash fuzz install clean

run: $(VENV)/.installed
	@$(BIN)/sdmx-server bootstrap
	@exec $(BIN)/sdmx-server serve --port $(PORT) --workers $(WORKERS)

# Two runs side by side, for a machine with two cores: tests that ask a running server, and all others.
SERVED := functional clients conformance reliability

test: $(VENV)/.installed-dev $(VENV)/.installed-npm
	@$(MAKE) --no-print-directory -j 2 test-served test-others

test-served:
	$(BIN)/pytest -p no:cacheprovider $(addprefix tests/,$(SERVED))

test-others:
	$(BIN)/pytest -p no:cacheprovider $(addprefix --ignore=tests/,$(SERVED))

# The pages in a real browser: needs a Chromium or Chrome (Debian: apt-get install chromium; else CHROMIUM=path).
browser: $(VENV)/.installed-dev $(VENV)/.installed-npm
	$(BIN)/pytest tests/browser

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/house

# R's rsdmx against a running server: needs R (Debian: apt-get install r-cran-rsdmx).
r: $(VENV)/.installed-dev
	$(BIN)/pytest tests/r

# Spark over exported Parquet, beside DuckDB: needs Java 17 or newer (Debian: apt-get install default-jre-headless).
lake: $(VENV)/.installed-lake
	$(BIN)/pytest tests/lake tests/scale/test_lake_duckdb.py

# Loads, questions and exports of large synthetic data, measured; see docs/performance.md. BENCH=--quick: a tenth.
bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks $(BENCH)

# A hundred dataflows with a hundred million observations: some twenty minutes.
bench-site: $(VENV)/.installed-dev
	POLARS_MAX_THREADS=1 $(BIN)/python -m benchmarks.site $(BENCH)

# Kills at a hundred random moments, and many writers and readers at once, for long; `make test` does a little of it.
crash: $(VENV)/.installed-dev
	SDMX_CRASHES=$(CRASHES) SDMX_ROUNDS=30 $(BIN)/pytest -s --timeout 14400 tests/reliability

# Two thousand questions for each OpenAPI document, ours and the official ones; `make test` asks a few of them.
fuzz: $(VENV)/.installed-dev
	SDMX_EXAMPLES=$(EXAMPLES) $(BIN)/pytest --timeout 7200 tests/conformance/test_openapi_fuzz.py

install: $(VENV)/.installed-dev

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-lake: pyproject.toml | $(VENV)/.installed-dev
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[lake]'
	@touch $@

$(VENV)/.installed-npm: tests/npm/package.json tests/npm/package-lock.json | $(BIN)/python
	npm ci --prefix tests/npm --silent
	@touch $@

clean:
	rm -rf $(VENV) var tests/npm/node_modules
