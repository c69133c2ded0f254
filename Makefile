# One command for each thing one does with this repository; `make help` lists them.
# It needs Python 3.10 or newer and Node 20 or newer, and installs the rest into this folder.

PYTHON ?= python3
PORT ?= 8888
SHELL := /bin/bash

VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

# Each of these files says that its step was done after everything it depends on was last changed.
INSTALLED := $(VENV)/.installed
NODE_MODULES := node_modules/.installed
LABEXTENSION := jupyter_ci_manager/labextension/static/third-party-licenses.json
LINKED := $(VENV)/.linked
AZURE_AI_ML := .venv-azure-ai-ml/.installed
OLDEST := .venv-oldest/.installed
OLDEST_LINKED := .venv-oldest/.linked

PACKAGE_SOURCES := $(shell find jupyter_ci_manager -name '*.py' -o -name '*.yaml')
PANEL_SOURCES := $(shell find src style schema/plugin.json -type f -not -path '*/__tests__/*')

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

.PHONY: lab
lab: $(LINKED) ## start the emulator and JupyterLab, print the URL (PORT=8888, RUN_SCRIPTS=1: run setup scripts)
	python -m scripts.lab --port $(PORT) $(if $(RUN_SCRIPTS),--run-scripts)

# Half of the tests wait for a browser: they run beside the others, and are told after them.
.PHONY: test
test: $(LINKED) $(AZURE_AI_ML) $(OLDEST_LINKED) ## run every test: unit, API, emulator, packaging, browser
	@mkdir -p build; \
	export AZURE_AI_ML_PYTHON=$(CURDIR)/.venv-azure-ai-ml/bin/python; \
	export OLDEST_JUPYTER_PYTHON=$(CURDIR)/.venv-oldest/bin/python; \
	$(MAKE) --no-print-directory --keep-going test-views test-browser > build/tests-beside.log 2>&1 & \
	beside=$$!; \
	trap 'kill $$beside 2> /dev/null' EXIT; \
	status=0; \
	python -m pytest -m "not browser" || status=1; \
	wait $$beside || status=1; \
	cat build/tests-beside.log; \
	exit $$status

.PHONY: test-views test-browser
test-views:
	jlpm test
test-browser:
	python -m pytest -m browser

.PHONY: check
check: $(INSTALLED) $(NODE_MODULES) ## lint, format, types, and that generated files are current
	@$(MAKE) --no-print-directory --keep-going \
	    check-ruff check-format check-mypy check-openapi check-api check-types check-lint

.PHONY: check-ruff check-format check-mypy check-openapi check-api check-types check-lint
check-ruff:
	ruff check
check-format:
	ruff format --check
check-mypy:
	mypy
check-openapi:
	@mkdir -p build
	python -m jupyter_ci_manager.web build/openapi.json
	@diff -u schema/openapi.json build/openapi.json || { echo "schema/openapi.json is stale: run make api" >&2; exit 1; }
check-api:
	jlpm check:api
check-types:
	jlpm types
check-lint:
	jlpm lint:check

.PHONY: fix
fix: $(INSTALLED) $(NODE_MODULES) ## let the tools correct what they can
	ruff check --fix
	ruff format
	jlpm lint

.PHONY: bench
bench: $(LINKED) ## measure what docs/design promises, side by side
	python -m tests.bench

.PHONY: screenshots
screenshots: $(LINKED) ## draw every screen and state into screenshots/
	python -m pytest tests/browser/screenshots/draw_*.py

.PHONY: api
api: $(INSTALLED) $(NODE_MODULES) ## write schema/openapi.json, the schema of templates and src/api/schema.ts anew
	python -m jupyter_ci_manager.web schema/openapi.json schema/ci-template.schema.json
	jlpm generate:api

.PHONY: watch
watch: $(LINKED) ## rebuild the panel whenever a source file changes (reload the page to see it)
	jlpm watch

.PHONY: dist
dist: $(LABEXTENSION) ## build sdist and wheel into dist/
	python -m pip wheel --no-deps --wheel-dir dist .

.PHONY: clean
clean: ## remove everything that was built or installed
	rm -rf $(VENV) .venv-azure-ai-ml .venv-oldest node_modules lib build dist screenshots *.tsbuildinfo \
	    jupyter_ci_manager/labextension jupyter_ci_manager/_version.py tests/browser/artifacts \
	    .hypothesis .mypy_cache .pytest_cache .ruff_cache .eslintcache .stylelintcache
	find jupyter_ci_manager scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	    { echo "Python 3.10 or newer is needed; choose one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	    { rm -rf $(VENV); echo "Python's venv module is needed (on Debian: apt-get install python3-venv)" >&2; exit 1; }

# The panel is built by its own step below, so the install does not build it a second time. Where it
# is linked already, pip would write through the link into the sources.
$(INSTALLED): pyproject.toml package.json | $(VENV)/bin/python
	@rm -rf $(VENV)/share/jupyter/labextensions/jupyter-ci-manager
	HATCH_JUPYTER_BUILDER_SKIP_NPM=1 python -m pip install --quiet --editable '.[test,dev]'
	@touch $@

$(NODE_MODULES): package.json yarn.lock .yarnrc.yml | $(INSTALLED)
	@node --eval 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' || \
	    { echo "Node 20 or newer is needed (node --version: $$(node --version 2>&1))" >&2; exit 1; }
	jlpm install --immutable
	@touch $@

$(LABEXTENSION): $(PANEL_SOURCES) package.json tsconfig.json $(NODE_MODULES)
	jlpm build:prod

$(LINKED): $(LABEXTENSION) $(INSTALLED)
	jupyter-builder develop --overwrite .
	@touch $@

# A venv of its own: the point of the contract test is that the package is what its users have.
$(AZURE_AI_ML): tests/emulator/azure-ai-ml.txt | $(VENV)/bin/python
	$(PYTHON) -m venv .venv-azure-ai-ml
	.venv-azure-ai-ml/bin/python -m pip install --quiet --requirement $<
	@touch $@

# The oldest JupyterLab and Notebook that are supported, with the wheel as their users install it.
$(OLDEST): tests/browser/oldest.txt | $(VENV)/bin/python
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python -m pip install --quiet --requirement $<
	@touch $@

$(OLDEST_LINKED): $(OLDEST) $(LABEXTENSION) $(INSTALLED) $(PACKAGE_SOURCES)
	rm -rf build/oldest
	python -m pip wheel --quiet --no-deps --wheel-dir build/oldest .
	.venv-oldest/bin/python -m pip uninstall --quiet --yes jupyter-ci-manager
	.venv-oldest/bin/python -m pip install --quiet --constraint tests/browser/oldest.txt build/oldest/*.whl
	@touch $@
