# Needs Python 3.11 or newer, make and a package index; everything else is installed into .venv.
#   make run      open the app              make test      everything that must be green
#   make demo     open it on sample data    make lint      ruff and mypy only
#   make torture  search for hours: 2,000 stories of a team at work, kills of every form (see docs/reliability.md)
#   make bench    measure the board and the commands, write benchmarks/RESULTS.md (half an hour; ARGS=--quick: two minutes)
#   make bench-cli  the commands alone
#   make messages bring the catalogue of translations up to date
#   make lock     pin the newest allowed versions     make screenshots   the pictures of the README
# PYTHON=/path/to/python chooses the interpreter that builds .venv.

VENV := .venv/bin
WORKERS ?= auto
EFFORT ?= 334
ARGS ?=
export PYTHON

.PHONY: help run demo test torture bench bench-cli lint format messages lock screenshots hooks clean

help:
	@sed -n '2,9s/^# *//p' Makefile

run:
	@tools/venv.sh app
	@$(VENV)/python -m salestui $(ARGS)

demo:
	@tools/venv.sh app
	@$(VENV)/python -m salestui demo $(ARGS)

test: lint
	$(VENV)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term $(ARGS)

torture:
	@tools/venv.sh dev
	env -u CI SALESTUI_TEST_EFFORT=$(EFFORT) $(VENV)/python -m pytest -n $(WORKERS) -o timeout=0 \
	  tests/services/test_invariant.py tests/domain/test_invariant.py tests/e2e/test_drafts.py \
	  tests/e2e/test_bytes.py tests/ui/test_widgets_lines.py tests/ui/test_story.py tests/ui/test_languages.py $(ARGS)
	env -u CI SALESTUI_TEST_EFFORT=$(EFFORT) $(VENV)/python -m pytest -n 0 -s -o timeout=0 tests/torture tests/postgres \
	  tests/e2e/test_two_terminals.py tests/e2e/test_hangup.py tests/e2e/test_two_users.py $(ARGS)
	env -u CI SALESTUI_TEST_DATABASE=postgresql $(VENV)/python -m pytest -n $(WORKERS) -o timeout=0 tests/services $(ARGS)

bench:
	@tools/venv.sh dev
	$(VENV)/python -m benchmarks all $(ARGS)

bench-cli:
	@tools/venv.sh dev
	$(VENV)/python -m benchmarks commands $(ARGS)

lint:
	@tools/venv.sh dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy

format:
	@tools/venv.sh dev
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

messages:
	@tools/venv.sh dev
	$(VENV)/python tools/messages.py extract --prune
	$(VENV)/python tools/messages.py missing

lock:
	@tools/venv.sh lock
	$(VENV)/python tools/lock.py --upgrade

screenshots:
	@tools/venv.sh dev
	$(VENV)/python tools/screenshots.py $(ARGS)

hooks:
	@tools/venv.sh dev
	$(VENV)/prek install

clean:
	rm -rf .venv build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache
