# Two commands on a bare machine with Python 3.11 or later: `make site`, `make test`.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: site test lint budgets clean help

help:
	@echo "make site   build the demo site and say where to open it"
	@echo "make test   run every test"
	@echo "make lint   ruff and mypy"
	@echo "make budgets   what the sites of three documents weigh, and how fast they are"

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(VENV)/bin/python -m pip install --quiet --editable . --group dev
	$(VENV)/bin/python -m compileall -q src  # as any other installation does; where nothing may be written, every run would
	touch $(READY)

site: $(READY)
	$(VENV)/bin/levelbook build
	@echo "Open site/_build/index.html in a browser."

test: $(READY)
	$(VENV)/bin/python -m pytest --numprocesses auto --dist loadfile

lint: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

budgets: $(READY)
	$(VENV)/bin/python bench/budgets.py

clean:
	rm -rf $(VENV) site/_build
