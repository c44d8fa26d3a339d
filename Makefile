# Two commands are all that a newcomer needs: `make run` and `make test`. Everything else is for those who build.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8000
JOBS ?= $(shell getconf _NPROCESSORS_ONLN)
# Checks read the settings; they must neither start a database nor write into anyone's data folder.
AWAY := XIANGYUE_SECRET_KEY=lint DATABASE_URL=postgresql://lint@localhost/lint

.DEFAULT_GOAL := help
.PHONY: help run test quick lint faults bench browser format pictures translations lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 24

run: $(READY) ## start the product on http://localhost:8000 with an example village
	@$(BIN)/xiangyue serve --example --port $(PORT)

test: $(READY) browser lint ## everything: checks, unit tests, kills and restarts, a real browser
	@$(BIN)/python -m pytest -n $(JOBS)

# The rooms whose faults would cost most, and that need little setting up: arithmetic, guards, ledger, states.
QUICK := tests/kernel tests/sheets tests/catalogue/rules tests/catalogue/guards tests/ledger/operations \
	tests/scoring/test_rhythm.py tests/scoring/test_states.py

quick: $(READY) ## what a minute is enough for
	@$(BIN)/ruff check --quiet
	@$(BIN)/python -m pytest -q -n $(JOBS) -m "not slow and not browser and not faults" $(QUICK)

faults: $(READY) ## the long fault tests: many kills, long lives
	@$(BIN)/python -m pytest -n $(JOBS) -m faults

bench: $(READY) ## what must be fast, each beside the raw database doing the same
	@$(BIN)/python -m bench

lint: $(READY) ## format, style, types, directions of import, sizes, translations
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/python tools/sizes.py
	@$(AWAY) $(BIN)/lint-imports --no-cache > $(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }
	@$(AWAY) $(BIN)/mypy --no-error-summary xiangyue tests tools bench
	@$(BIN)/python tools/translations.py check
	@$(AWAY) $(BIN)/python -W ignore -m django makemigrations --check --dry-run --settings xiangyue.config.settings > /dev/null

browser: ## a browser and a Chinese font for the tests; installs them where it may
	@sh tools/browser.sh

format: $(READY) ## put the code into its form
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

pictures: $(READY) browser ## take the pictures of docs/screens anew, from the example village
	@$(BIN)/python -m tools.pictures

translations: $(READY) ## collect new texts into the English catalogue, to be translated there
	@$(BIN)/python tools/translations.py update

lock: $(READY) ## compute requirements.lock anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--group dev pyproject.toml --output-file requirements.lock --quiet --upgrade

clean: ## forget the environment; data stays
	rm -rf $(VENV)

$(READY): requirements.lock pyproject.toml tools/environment.sh
	@sh tools/environment.sh $(VENV)
	@$(BIN)/python tools/translations.py compile
	@touch $@
