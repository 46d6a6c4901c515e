# Each target only calls a script of scripts/ (POSIX sh): there is no logic here. Works with GNU Make 3.81.
SHELL = /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test check stress bench

help:
	@echo "make run     set up, then start the site with demo data (PORT=8000)"
	@echo "make setup   Python environment, locked dependencies, data directory"
	@echo "make test    the whole test suite; says what it had to leave out"
	@echo "make check   linters, types, migrations, production settings"
	@echo "make stress  the long tests (more seeds, interleavings, planted bugs)"
	@echo "make bench   the measurements of docs/performance.md"

setup:
	@sh scripts/setup.sh

run:
	@sh scripts/run.sh

test:
	@sh scripts/test.sh

check:
	@sh scripts/check.sh

stress:
	@sh scripts/test.sh stress

bench:
	@sh scripts/bench.sh
