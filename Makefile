# SwiftMPI: setup, build, demonstration, tests, benchmarks.
#
#   MARCH=x86-64-v3   the processor to compile for (default: native, the processor of this machine)
#   MPI_PKG_CONFIG=mpich   the MPI to build against (default: mpi-c, the MPI of the distribution)
#   PREFIX=~/.local   where `make install` installs programs and job templates

MARCH ?= native
PREFIX ?= /usr/local
SWIFT ?= swift

# The flag applies to the code generation of Swift as well as C.
BUILD_FLAGS = -c release -Xcc -march=$(MARCH)
BIN = .build/release
PROGRAMS = diff2d auc pimc compare-runs plotdens taskfarm

# Open MPI refuses to run as root unless both variables are set. Containers run as root.
ifeq ($(shell id -u),0)
export OMPI_ALLOW_RUN_AS_ROOT=1
export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
endif

.PHONY: all setup setup-check setup-test setup-bench build demo test test-large bench docs format lint install clean

all: build

setup:
	@scripts/setup run

setup-check:
	@scripts/setup check

setup-test:
	@scripts/setup test

setup-bench:
	@scripts/setup bench

# Installs nothing, and says what is missing.
build: setup-check
	$(SWIFT) build $(BUILD_FLAGS)

demo: setup
	$(SWIFT) build $(BUILD_FLAGS) --product diff2d
	$(SWIFT) build $(BUILD_FLAGS) --product plotdens
	@mkdir -p .build/demo
	mpiexec -n 2 $(BIN)/diff2d params/diff2dparams.py --output .build/demo/diff2d.h5 --report .build/demo/report.json \
	    --graphics
	@echo; h5ls .build/demo/diff2d.h5
	@echo; echo "The density at the end is drawn in $$(ls $(CURDIR)/.build/demo/diff2d-plots/frame-*.png | tail -n 1),"
	@echo "how it got there in $(CURDIR)/.build/demo/diff2d-plots/animation.gif."

test: setup-test
	@MARCH=$(MARCH) SWIFT=$(SWIFT) scripts/test

# The cases with more than 2 GiB of data, which need 12 GiB of memory.
test-large: setup-test
	@MARCH=$(MARCH) SWIFT=$(SWIFT) scripts/test-large

bench: setup-bench
	@MARCH=$(MARCH) SWIFT=$(SWIFT) Benchmarks/run

# The documentation of the libraries, as web pages.
docs: setup
	$(SWIFT) build $(BUILD_FLAGS) --target ParallelHDF5
	SWIFT=$(SWIFT) scripts/docs $(BIN)/Modules .build/docs
	SWIFT=$(SWIFT) scripts/docs $(BIN)/Modules .build/docs-hdf5 ParallelHDF5

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Examples Benchmarks

# Checks of the sources, and a build without warnings.
lint: setup-test
	@MARCH=$(MARCH) SWIFT=$(SWIFT) scripts/lint

# Installs programs that run without a Swift installation.
install: setup
	for program in $(PROGRAMS); do \
	    $(SWIFT) build $(BUILD_FLAGS) --static-swift-stdlib --scratch-path .build/install --product $$program || exit; \
	done
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/swiftmpi/jobs $(DESTDIR)$(PREFIX)/share/swiftmpi/params
	install $(addprefix .build/install/release/,$(PROGRAMS)) $(DESTDIR)$(PREFIX)/bin
	install -m 644 jobs/* $(DESTDIR)$(PREFIX)/share/swiftmpi/jobs
	install -m 644 params/* $(DESTDIR)$(PREFIX)/share/swiftmpi/params

clean:
	rm -rf .build
