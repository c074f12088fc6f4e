# The front door. Every target works in .venv of this checkout and makes it when it is missing.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
HTMX   := workflow/web/static/vendor/htmx.min.js

# uv keeps its cache inside the environment, so a set-up needs no home folder and `clean` leaves
# nothing behind. It trusts whom the system trusts (many offices reach the index only through a proxy
# with a certificate of its own), and never fetches a Python.
export UV_CACHE_DIR        := $(CURDIR)/$(VENV)/.uv-cache
export UV_SYSTEM_CERTS     := true
export UV_PYTHON_DOWNLOADS := never
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

UV := $(BIN)/uv

# make test T=tests/policies runs one path in one process; the whole suite uses every core, one file
# at a time on each, in their order (the long journeys come early), with its own test servers.
T    ?=
JOBS ?= $(if $(T),0,auto)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test check format bench chaos lock clean

help: ## show this menu
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | \
		while IFS="$$(printf '\t')" read -r name text; do printf '  make %-9s %s\n' "$$name" "$$text"; done

install: $(READY) ## make .venv, or bring it up to date with the lock

run: $(READY) ## load the demonstration office and serve it (the page's address is printed)
	@$(BIN)/fashen demo
	@exec $(BIN)/fashen serve

test: $(READY) ## run the tests; T=path for some of them, JOBS=n for n processes
	@$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(T)

check: $(READY) ## formatting, lint, types, direction of imports, no address in a lock
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@if grep -nE '[a-z]+://' requirements.lock .ci/*.lock; then \
		echo 'A lock names a host: run "make lock".' >&2; exit 1; fi

format: $(READY) ## lay out the code and mend what ruff can mend
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: $(READY) ## measure the engine on this machine
	@$(BIN)/python tests/bench/bench.py
	@$(BIN)/python tests/bench/alerts.py
	@$(BIN)/python tests/bench/publish.py
	@$(BIN)/python tests/bench/board.py
	@$(BIN)/python -m tests.bench.workbench

chaos: $(READY) ## ten minutes of faults on real servers; MINUTES=n for another while
	@$(BIN)/python -m tests.faults.chaos --minutes $(or $(MINUTES),10)

# The locks hold versions and hashes but no address, so that they install from any index.
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

lock: $(UV) ## make the locks again from pyproject.toml; UPGRADE=1 takes the newest versions
	@$(LOCK) --group dev pyproject.toml -o requirements.lock
	@echo uv | $(LOCK) - -o .ci/bootstrap.lock
	@echo 'django-htmx<2' | $(LOCK) --no-deps - -o .ci/assets.lock

clean: ## remove the environment, caches and build products; the data in var stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- The environment --------------------------------------------------------------------------------

$(UV): .ci/bootstrap.lock
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.exit(sys.version_info < (3, 11) and \
		"Fashen needs Python 3.11 or newer, and $(PYTHON) is " + v + ": make PYTHON=python3.11 …")'
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

# --compile-bytecode, or the first start of every program compiles its imports again.
$(READY): $(UV) requirements.lock pyproject.toml $(HTMX)
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# Third-party files of the pages: pinned like any dependency, packed into the wheel, never committed.
# htmx comes out of a wheel that carries it; nothing else of that wheel is used.
$(HTMX): $(UV) .ci/assets.lock
	@$(UV) pip install --quiet --python $(BIN)/python --target $(VENV)/assets --no-deps --require-hashes \
		-r .ci/assets.lock
	@mkdir -p $(@D)
	@cp $(VENV)/assets/django_htmx/static/django_htmx/htmx-2.min.js $@
