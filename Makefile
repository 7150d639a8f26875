# `make` alone prints the targets. Two commands matter: `make demo` and `make test`.

# Python 3.11 first: the versions in the lock files were resolved for it.
SUITABLE := 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c $(SUITABLE) 2>/dev/null && echo $$p && break; done)
OUT ?= demo-output
PYTEST_ARGS ?=
MUTANTS_ARGS ?=
BENCH_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
COMPILE := $(BIN)/python -m piptools compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test check mutants fault histories load screenshots bench format lock cohort docs clean

help: ## print this list
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with the pinned packages and Pilotage itself (once)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(BIN)/python -c $(SUITABLE) 2>/dev/null || "$(PYTHON)" -c $(SUITABLE) 2>/dev/null || { \
		echo "Pilotage needs Python 3.11 or later with its venv module."; \
		echo "On Debian: apt install python3-venv. Elsewhere: make PYTHON=/path/to/python3.11 ..."; \
		exit 1; }
	@echo "Setting up $(VENV) (once, about two minutes)"
	@$(BIN)/python -c $(SUITABLE) 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
		--require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP) ## run the built-in trial on a synthetic cohort, from study file to report
	@$(BIN)/pilotage demo --out $(OUT)

test: $(STAMP) ## run all tests
	@sh tools/test_needs.sh
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

# The fast tests hold the import contracts and that the generated pages of docs/ are current.
check: $(STAMP) ## format, lint, types, import contracts, fast tests, docs: before every commit
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/mypy tools
	@$(BIN)/python -m pytest -m "not slow" $(PYTEST_ARGS)

mutants: $(STAMP) ## change the code that decides in one place at a time: does a test notice?
	@nice $(BIN)/python tools/mutants.py $(MUTANTS_ARGS)

fault: $(STAMP) ## kill the saving process 1,000 times, and cut its power 1,000 times
	@sh tools/test_needs.sh
	@PILOTAGE_FAULTS=1000 $(BIN)/python -m pytest tests/fault

histories: $(STAMP) ## hold the rules against a second, naive program on 10,000 random histories
	@PILOTAGE_HISTORIES=10000 $(BIN)/python -m pytest tests/reference/naive_rules

load: $(STAMP) ## 100 nurses at work, on SQLite and on PostgreSQL
	@$(BIN)/python tests/load/load.py

screenshots: $(STAMP) ## take the pictures of the manual: while the story runs, of a rehearsal and a simulation
	@PILOTAGE_SCREENSHOTS=1 $(BIN)/python -m pytest tests/browser/test_story.py -k sqlite
	@PILOTAGE_SCREENSHOTS=1 $(BIN)/python -m pytest tests/browser/test_audit_page.py -k picture
	@$(BIN)/python tools/manual_pictures.py

bench: $(STAMP) ## how long the heavy steps take, beside peers in the same run
	@$(BIN)/python benchmarks/run.py $(BENCH_ARGS)

format: $(STAMP) ## format the code and sort its imports
	@$(BIN)/ruff check --select I --fix .
	@$(BIN)/ruff format .

lock: $(STAMP) ## resolve the lock files again; newest versions: make lock UPGRADE=--upgrade
	@CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) $(UPGRADE) \
		--output-file requirements.lock pyproject.toml
	@CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) $(UPGRADE) --extra dev --extra capture \
		--build-deps-for editable --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml

cohort: $(STAMP) ## make the built-in study's synthetic cohort again
	@$(BIN)/pilotage reconstruct lenalidomide_cle --seed 5 --replace --out demo-output/cohort
	@rm -rf src/pilotage/studies/lenalidomide_cle/cohort
	@cp -r demo-output/cohort src/pilotage/studies/lenalidomide_cle/cohort

docs: $(STAMP) ## write the generated pages of docs/ again
	@$(BIN)/python tools/requirements_table.py
	@$(BIN)/python tools/left_open_page.py
	@$(BIN)/python tools/workflow_page.py
	@$(BIN)/python tools/audited_papers_page.py
	@$(BIN)/python tools/drafted_claims_page.py
	@$(BIN)/python tools/audit_tutorial_page.py

clean: ## remove the environment, the output of the demo and all caches
	@rm -rf $(VENV) demo-output build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache \
		.hypothesis src/*.egg-info
	@find src tests tools -name __pycache__ -type d -exec rm -rf {} +
