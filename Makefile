# The two promises: `make brief` and `make test` do all their set-up on a machine with Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
OUT ?= out
# Where Python may not keep what it compiled, every command compiles the whole package anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help brief test lint types contract tests bench quality docs spark lock messages clean

help:
	@echo "make brief   write the Sahel brief into $(OUT)/ from the embedded figures"
	@echo "make test    lint, types, import contract, tests"
	@echo "make bench   measure speed and memory against their limits"
	@echo "make quality measure how well it reads and checks"
	@echo "make docs    write the generated reference pages"
	@echo "make spark   install PySpark, to run the tests on it (needs Java)"
	@echo "make lock    resolve the pinned dependencies anew"

$(READY): requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Harmattan needs Python 3.11 or newer; $(PYTHON) is {v.major}.{v.minor}. Say make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(READY_DEV): requirements/dev.txt $(READY)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

spark: $(READY_DEV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt

brief: $(READY)
	$(RUN)/harmattan brief sahel --out $(OUT)

test: lint types contract tests

lint: $(READY_DEV)
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

types: $(READY_DEV)
	$(RUN)/mypy

contract: $(READY_DEV)
	$(RUN)/lint-imports

tests: $(READY_DEV)
	$(RUN)/pytest -n auto --dist loadscope --no-loadscope-reorder --max-worker-restart 0 $(PYTEST)

bench: $(READY_DEV)
	$(RUN)/python -m bench

quality: $(READY_DEV)
	$(RUN)/python -m quality --write

docs: $(READY)
	$(RUN)/harmattan docs --out docs

lock:
	$(PYTHON) -m venv $(VENV) && $(RUN)/python -m pip install --quiet uv
	$(RUN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  pyproject.toml requirements/build.in -o requirements/run.txt
	$(RUN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --extra dev pyproject.toml requirements/build.in -c requirements/run.txt -o requirements/dev.txt
	$(RUN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --extra spark pyproject.toml requirements/build.in -c requirements/dev.txt -o requirements/spark.txt

messages: $(READY_DEV)
	$(RUN)/python -m tests.text.messages

clean:
	rm -rf $(VENV) $(OUT) build dist .mypy_cache .ruff_cache .hypothesis
