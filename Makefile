# What a newcomer runs. `make help` lists it; the set-up itself stands in .ci/set-up.
# Another Python: make run PYTHON=python3.13. Arguments for the program: make run ARGUMENTS="--theme light"

PYTHON ?= python3
ARGUMENTS ?=
export PYTHON

BIN := .venv/bin
SOURCES := pyproject.toml constraints.txt .ci/set-up .ci/debian-packages.txt
# Without a display the program runs in the terminal, and a window needs nothing.
WINDOW := $(if $(DISPLAY)$(WAYLAND_DISPLAY),.venv/.ready-window)

.PHONY: run demo poll test lint bench soak pins shots golden clean help
.DEFAULT_GOAL := help

run: .venv/.ready $(WINDOW) ## set up what is missing, then open the desk (in the terminal where there is no display)
	@$(BIN)/python main.py $(ARGUMENTS)

demo: .venv/.ready $(WINDOW) ## a simulated control room to look at and to practise on; leaves your data alone
	@$(BIN)/python main.py demo $(ARGUMENTS)

poll: .venv/.ready ## the same monitoring, in the terminal
	@$(BIN)/python main.py poll $(ARGUMENTS)

test: .venv/.ready-tests ## set up what is missing, then run the whole suite, four files at a time (many wait)
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGUMENTS)

lint: .venv/.ready-tests ## style, format, types and the walls between the folders
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.ready-tests ## the benchmarks, one after another
	@set -e; for file in $$(grep -l __main__ tests/bench/*.py 2>/dev/null | grep -v __init__); do \
	  name=$$(basename $$file .py); echo "== $$name"; $(BIN)/python -m tests.bench.$$name; done

soak: .venv/.ready-tests ## the kills, the damage, chance and the properties of everything untrusted, with many more rounds
	CONTROLROOM_SOAK=1 $(BIN)/python -m pytest tests/end_to_end/test_kill.py tests/controlroom/engine/test_kill.py tests/probes/icmp/test_packet.py \
	  tests/probes/icmp/test_judge.py tests/probes/icmp/test_fuzz.py tests/probes/snmp/test_envelope.py tests/probes/snmp/test_values.py \
	  tests/probes/dns/test_message.py tests/probes/ntp tests/probes/sip/test_message.py \
	  tests/probes/udp_echo/test_packet.py tests/probes/udp_echo/test_burst.py tests/controlroom/resilience \
	  tests/controlroom/store tests/controlroom/condition tests/bench/test_detection.py tests/end_to_end/test_outage.py \
	  tests/end_to_end/test_demo.py $(ARGUMENTS)

pins: .venv/.ready-tests ## write constraints.txt anew from what .venv holds
	@{ sed -n '/^#/p' constraints.txt; $(BIN)/python -m pip list --format=freeze --disable-pip-version-check \
	  | grep -v '^controlroom=='; sed -n '/;/p' constraints.txt; } > constraints.new
	@mv constraints.new constraints.txt

shots: .venv/.ready ## take the pictures in docs/ anew, from a control room that runs for some minutes
	@.ci/shots $(ARGUMENTS)

golden: .venv/.ready-tests ## take the reference pictures of tests/golden anew, after a change on purpose; then look at them
	CONTROLROOM_RENEW_GOLDEN=1 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q tests/golden -k every_view

clean: ## remove .venv and everything made here; never your data
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

.venv/.ready: $(SOURCES)
	@.ci/set-up program
	@touch $@

.venv/.ready-window: .ci/debian-packages.txt
	@.ci/set-up window
	@mkdir -p .venv && touch $@

.venv/.ready-tests: $(SOURCES)
	@.ci/set-up tests
	@touch .venv/.ready $@
