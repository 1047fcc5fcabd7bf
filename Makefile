# make film    the film, from nothing: build/the-minus-sign/film.mp4
# make test    every test
# make record  train and record every run that has no fresh record (SIZE=tiny or gpu)
# make gallery  every part of the kit as it looks: docs/gallery.md
# make bench   how long things take, by us and by stock Manim: build/bench.json
# make clean   forget everything that was made; records and recipes stay

SCRIPT ?= scripts/the-minus-sign.md
SIZE   ?= tiny
PYTHON ?= python3
BIN    := .venv/bin

# Nothing is ever fetched from a model hub, and no trainer phones home.
export HF_HUB_OFFLINE = 1
export HF_HUB_DISABLE_TELEMETRY = 1

.PHONY: film test record bench clean check golden gallery

film: .venv/film
	$(BIN)/python render.py $(SCRIPT)

test: .venv/test .venv/browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile

record: .venv/train
	$(BIN)/rushes record --all --size $(SIZE)

bench: .venv/test
	$(BIN)/python tests/bench.py

check: .venv/film
	$(BIN)/rushes check $(SCRIPT)

golden: .venv/test
	RUSHES_GOLDEN=write $(BIN)/pytest tests/test_note.py tests/test_errors.py tests/test_overview.py tests/test_scenes.py \
	  -k "golden or storyboard or as_it_did"

gallery: .venv/test
	RUSHES_GOLDEN=write $(BIN)/pytest tests/test_gallery.py

clean:
	rm -rf build

# Manim draws with Cairo and Pango, and the two packages that bind them have no Linux wheels.
.venv/system:
	sh assets/system-packages.sh
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	touch $@

.venv/film: .venv/system pyproject.toml
	$(BIN)/pip install --quiet --editable .
	touch $@

# torch comes first and alone: the CPU build where there is no GPU, so that nothing pulls the CUDA one.
.venv/train: .venv/film
	$(BIN)/python -c "import torch" 2>/dev/null || $(BIN)/pip install --quiet $(if $(shell command -v nvidia-smi),torch,torch==2.13.0)
	$(BIN)/pip install --quiet --editable ".[train]"
	touch $@

# Only the tests look at a page.
.venv/browser: .venv/system assets/browser.sh
	sh assets/browser.sh
	touch $@

.venv/test: .venv/train
	$(BIN)/pip install --quiet --editable ".[train,vault,cluster,youtube,piper,dev]"
	touch $@
