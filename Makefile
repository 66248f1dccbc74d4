# Two commands matter to a newcomer: `make demo` and `make test`. Both make what they need.
.DEFAULT_GOAL := help
.PHONY: help demo test check format bench bench-drift screenshots wheel lock clean

# The first interpreter on this machine that is new enough.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin

help:
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /  /' | sed 's/^/make /'

.venv/created:
	@test -n "$(PYTHON)" || { echo "Segmentry needs Python 3.11, 3.12 or 3.13; none was found. Install one, or say: make PYTHON=/path/to/python"; exit 1; }
	@echo "Making an environment in .venv (once)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/created requirements-dev.lock pyproject.toml
	@echo "Installing what Segmentry needs (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--only-binary :all: --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/ready ## the whole product on ten weeks of made-up customers, in about a minute
	@$(BIN)/python -m bot.cli demo

test: .venv/ready ## every test
	@$(BIN)/python -m pytest

check: .venv/ready ## format, lint, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/ready ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/ready ## speed, as ratios against named baselines in the same run
	@$(BIN)/python -m tests.benchmarks $(ARGS)

.venv/bench/ready: .venv/created requirements-bench.lock
	@echo "Installing the drift libraries to compare with (once)"
	@$(PYTHON) -m venv .venv/bench
	@.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check \
		--only-binary :all: --require-hashes -r requirements-bench.lock
	@touch $@

bench-drift: .venv/bench/ready ## false alarms and found changes, beside KS, PSI and two drift libraries (half an hour)
	@OMP_NUM_THREADS=1 .venv/bench/bin/python -W ignore -m tests.benchmarks.drift_tools $(ARGS)

screenshots: .venv/ready ## the main answers, the digest and the Home as pictures (needs Chromium, make demo)
	@$(BIN)/python -m tests.slack.screenshots $(ARGS)

wheel: .venv/ready ## the installable file, in dist/
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist . > /dev/null
	@ls dist/*.whl

lock: ## refresh the three lock files (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		-c requirements.lock --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		-c requirements.lock --group bench pyproject.toml -o requirements-bench.lock

clean: ## forget the environment, the demo and every cache
	rm -rf .venv dist build demo-home .mypy_cache .ruff_cache .pytest_cache .hypothesis
