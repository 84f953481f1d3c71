# `make lab` opens the course, `make test` checks it; each builds .venv first when it has to.

PYTHON ?=
PORT ?= 8888
LAB_HOME ?= $(CURDIR)/.jupyter/home
MINE ?= $(CURDIR)/my_notebooks

NOTEBOOKS := $(sort $(wildcard notebooks/*.ipynb))
BENCHMARKS := $(sort $(wildcard benchmarks/[a-z]*.py))
NBVAL := $(if $(NOTEBOOKS),--nbval --nbval-current-env $(NOTEBOOKS))

# Jupyter keeps its settings, workspaces and history inside the checkout: a student's own
# configuration cannot change the course, and the course leaves theirs alone.
export JUPYTER_CONFIG_DIR = $(LAB_HOME)/config
export JUPYTER_DATA_DIR = $(LAB_HOME)/data
export IPYTHONDIR = $(LAB_HOME)/ipython
export JUPYTER_PREFER_ENV_PATH = 1
# What JAX has compiled once it keeps: the second opening of a notebook is some ten seconds faster.
export JAX_COMPILATION_CACHE_DIR = $(LAB_HOME)/jax
export JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS = 0
unexport JUPYTER_PATH JUPYTER_CONFIG_PATH JUPYTER_RUNTIME_DIR
unexport JUPYTERLAB_SETTINGS_DIR JUPYTERLAB_WORKSPACES_DIR PYTHONHOME PYTHONPATH
test check nightly seeds compat notebooks book lesson bench: LAB_HOME = $(CURDIR)/.jupyter/test

# A .venv is good only where it was built, and only for the PYTHON that was asked for.
BUILT_IN := $(shell [ -x .venv/bin/python ] && cat .venv/.ready 2>/dev/null)
VERSION := -c "import sys; print(sys.version_info[:2])"
ifneq ($(BUILT_IN),$(CURDIR))
.PHONY: .venv/.pinned
else ifneq ($(PYTHON),)
ifneq ($(shell "$(PYTHON)" $(VERSION) 2>&1),$(shell .venv/bin/python $(VERSION)))
.PHONY: .venv/.pinned
endif
endif

.PHONY: help lab edit test check nightly seeds compat notebooks pages book lesson bench lint clean
.DELETE_ON_ERROR:

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 16

lab: .venv/.ready ## open the course in JupyterLab, in a copy of your own (PORT=8888)
	@$(PORT_IS_NUMBER)
	@exec .venv/bin/python -m lecture_utils lab --port=$(PORT) --folder="$(MINE)" --home="$(LAB_HOME)"

edit: .venv/.ready ## open the originals, for who maintains the course
	@$(PORT_IS_NUMBER)
	@exec .venv/bin/python -m lecture_utils edit --port=$(PORT) --home="$(LAB_HOME)"

PORT_IS_NUMBER = case "$(PORT)" in ''|*[!0-9]*) \
	echo "PORT must be a number such as 8888, not '$(PORT)'." >&2; exit 1;; esac

# The notebooks first: each is one long job, and two processes share them out best while there is
# other work to fill the gaps with.
PYTEST := .venv/bin/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder
test: .venv/.ready ## run every test, each notebook once
	@$(PYTEST) $(NBVAL) tests

check: .venv/.ready ## run what concerns one lesson: make check NB=05
	@case "$(NB)" in [0-9][0-9]) ;; *) \
	    echo "NB must name a lesson by its two digits, such as NB=05, not '$(NB)'." >&2; exit 1;; esac
	@$(PYTEST) --nbval --nbval-current-env $(wildcard notebooks/$(NB)_*.ipynb) \
	    $(wildcard tests/lessons/test_*_$(NB).py) tests/lessons/test_every_lesson.py \
	    tests/lessons/test_twins.py tests/notebooks/test_anatomy.py --lesson=$(NB)
	@.venv/bin/python book/build.py --only $(NB) --no-pdf --out book/_build/check \
	    --recordings book/_build/recordings

nightly: .venv/.ready ## what is too slow for every change: notebooks twice, and all in Chromium
	@$(PYTEST) tests -m nightly

seeds: .venv/.ready ## check every verdict again with SEED = 1 to 9, or FRESH=1 (slow)
	@FRESH=$(FRESH) .venv/bin/python -m pytest tests -m seeds

compat: .venv/.ready ## run the fast tests with the oldest and the newest packages that are allowed
	@.venv/bin/python tests/setup/compat.py

notebooks: .venv/.ready ## execute all notebooks again, in place
	@.venv/bin/python tests/notebooks/execute.py $(NOTEBOOKS)

pages: .venv/.ready ## write scorecard, maps, coverage and the teacher's page
	@.venv/bin/python tests/notebooks/pages.py

# An explorer's recording is made once and kept until what it shows has changed.
book: .venv/.ready ## build the book, pages that open from disk and answer without Python (half an hour once, then a minute or two)
	@echo "The first build takes about half an hour on two cores, nearly all of it for recording the"
	@echo "explorers. What is recorded is kept: a second build takes a minute or two."
	@.venv/bin/python book/recordings.py --out book/_build/recordings
	@.venv/bin/python book/build.py

lesson: .venv/.ready ## lay down a new lesson: make lesson NAME=10_my_question
	@.venv/bin/python tests/notebooks/new_lesson.py "$(NAME)"

bench: .venv/.bench ## measure speed against other libraries (installs torch)
	@set -e; for script in $(BENCHMARKS); do echo "== $$script"; .venv/bin/python $$script; done

lint: .venv/.ready ## check style and formatting
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m ruff format --check .

clean: ## remove everything that make built (not your copy of the notebooks)
	rm -rf .venv .compat .jupyter/home .jupyter/test .pytest_cache .ruff_cache .hypothesis book/_build
	find . -name __pycache__ -prune -exec rm -rf {} +
	find . -name .ipynb_checkpoints -prune -exec rm -rf {} +

# The stamps are written last, so an interrupted build is started afresh by the next call.
PIP := .venv/bin/python -m pip --disable-pip-version-check install --quiet
INSTALL_FAILED := { echo "Installing the packages failed for the reason above (most often the \
	network or a full disk): repeat the command once that is mended." >&2; exit 1; }

.venv/.pinned: requirements.txt
	@if [ -n "$(PYTHON)" ]; then set -- "$(PYTHON)"; \
	else set -- python3 python3.13 python3.12 python3.11; fi; \
	python=; for candidate do \
	    if "$$candidate" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; \
	    then python=$$candidate; break; fi; done; \
	[ -n "$$python" ] || { echo "Python 3.11 or newer is missing ($$1 is" \
	    "$$("$$1" -V 2>/dev/null || echo not there)): install it (Debian 12 or newer:" \
	    "apt install python3 python3-venv) or name one with PYTHON=/path/to/python3." >&2; \
	    exit 1; }; \
	"$$python" -c "import ensurepip, venv" 2>/dev/null || { echo "$$python cannot create a" \
	    "virtual environment because its venv module is incomplete: run" \
	    "'apt install python3-venv' (Debian, Ubuntu) and repeat the command." >&2; exit 1; }; \
	echo "Setting up .venv with $$("$$python" -V): once, one to five minutes."; \
	"$$python" -m venv --clear .venv || { echo "$$python could not create .venv for the" \
	    "reason above: mend that and repeat the command." >&2; exit 1; }
	@$(PIP) --no-deps --requirement requirements.txt || $(INSTALL_FAILED)
	@touch $@

.venv/.ready: .venv/.pinned pyproject.toml
	@$(PIP) --no-deps --no-build-isolation --editable . || $(INSTALL_FAILED)
	@mkdir -p .jupyter/home .jupyter/test
	@printf '%s\n' "$(CURDIR)" > $@

.venv/.bench: .venv/.ready benchmarks/requirements.txt
	@$(PIP) --constraint requirements.txt --requirement benchmarks/requirements.txt \
	    || $(INSTALL_FAILED)
	@touch $@
