# taskless: `make demo` shows it, `make test` proves it. CMake and Ninja do the work below build/.
BUILD ?= build
JOBS ?= $(shell nproc)
CMAKE_FLAGS ?=

.PHONY: all setup build test test-full soak npm wheel gem demo bench fuzz sanitize race install dist clean
all: build

# Installs what is missing; does nothing the second time.
setup:
	@scripts/setup.sh $(BUILD)

$(BUILD)/build.ninja: CMakeLists.txt scripts/engine.sh engine/Cargo.toml engine/Cargo.lock | setup
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_C_COMPILER=gcc \
	  -DTSKL_ENGINE_DIR="$$(scripts/engine.sh)" $(CMAKE_FLAGS)

build: setup $(BUILD)/build.ninja
	@ninja -C $(BUILD) -j $(JOBS)

test: build
	@scripts/test.sh $(BUILD)

# All that `make test` runs a share of: every version of every library that clients observe, threads
# under ThreadSanitizer, each fuzz target for ten minutes, the soak. Takes hours.
test-full: test
	@scripts/test-full.sh $(BUILD)

# Numbers beside libextism and OpenTelemetry; takes some minutes.
bench: build
	@scripts/bench.sh $(BUILD)

# Fuzz targets a minute each (FUZZ_SECONDS), from their corpora.
fuzz: setup
	@scripts/fuzz.sh

# The tests under AddressSanitizer and UBSan; a part of `make test`.
sanitize: setup
	@scripts/sanitize.sh

# The tests of what has threads under ThreadSanitizer.
race: setup
	@scripts/race.sh

# A million calls of one Node.js program, with Packs that trap at random; takes some minutes.
soak: build
	@node tests/soak/soak.mjs $(BUILD)

# The package for npm: BUILD/npm/taskless-VERSION.tgz.
npm: build
	@scripts/npm-package.sh $(BUILD)

# The wheel for pip: BUILD/python/taskless-VERSION-....whl.
wheel: build
	@scripts/python-wheel.py $(BUILD)

# The gem for RubyGems: BUILD/ruby/taskless-VERSION-....gem.
gem: build
	@scripts/ruby-gem.sh $(BUILD)

demo: setup $(BUILD)/build.ninja
	@ninja -C $(BUILD) -j $(JOBS) demo-parts
	@examples/node-demo/demo.sh

install: build
	@DESTDIR="$(DESTDIR)" cmake --install $(BUILD) --prefix "$(or $(PREFIX),/usr/local)"

# build/dist/taskless-VERSION-linux-MACHINE.tar.gz, which runs wherever it is unpacked.
dist: build
	@scripts/dist.sh $(BUILD)

clean:
	rm -rf build build-*
