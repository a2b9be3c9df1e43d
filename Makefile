# One word each. Nothing but Python 3.11+ and make is needed; the rest is installed into .venv by the first of them.
# Another Python: make run PYTHON=/path/to/python3.12      Another port: make run PORT=8080

ifdef PYTHON
  export PYTHON
  FIRST_PYTHON := $(PYTHON)
else
  FIRST_PYTHON := $(firstword $(shell for p in python3 python python3.14 python3.13 python3.12 python3.11; do command -v $$p; done))
endif
ifdef DEMO_PORT
  export DEMO_PORT
endif
ifdef PORT
  export PORT
endif
ENV = $(if $(FIRST_PYTHON),$(FIRST_PYTHON) factcheck/bootstrap.py,@echo "No Python found: install Python 3.11 or newer and run make again." >&2; exit 1; :)
VENV = .venv/bin/python

.PHONY: help run test bench quality lint lock clean
help:
	@echo "make run    the whole service on this machine, with its demo desk; Ctrl-C ends it"
	@echo "make test   every test, on SQLite, and on PostgreSQL and Redis where they answer"
	@echo "make lint   style, import contracts, migrations, types, templates, production settings"
	@echo "make bench  how fast, beside the bare frameworks, as a table of ratios"
	@echo "make quality DATA=folder   how right, on labelled sets that stay outside, beside the plain ways"
	@echo "make lock   write the lock files anew from pyproject.toml"
	@echo "make clean  remove the virtual environment and caches; var/, the desk's data, stays"

run:
	@$(ENV) run
	@exec $(VENV) -m factcheck.run

test:
	@$(ENV) dev
	@exec $(VENV) tests/run_all.py

bench:
	@$(ENV) run
	@exec $(VENV) bench/run.py

quality:
	@$(ENV) dev
	@exec $(VENV) bench/quality/run.py $(DATA)

lint:
	@$(ENV) dev
	@exec $(VENV) tests/lint.py

# Without an address of any package host in them, so that whoever installs decides where from.
LOCKED = UV_PYTHON_DOWNLOADS=never $(VENV) -m uv pip compile --quiet --universal --generate-hashes --no-header
lock:
	@$(ENV) dev
	$(LOCKED) pyproject.toml -o requirements.lock
	$(LOCKED) pyproject.toml --group dev -o requirements-dev.lock
	$(LOCKED) bench/requirements-yardsticks.in -o bench/requirements-yardsticks.lock
	@! grep -n "://" requirements.lock requirements-dev.lock bench/requirements-yardsticks.lock

clean:
	rm -rf .venv .bench .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
