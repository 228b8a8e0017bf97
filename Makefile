# What one does with a checkout. `make` alone lists it.

CARGO ?= cargo
.DEFAULT_GOAL := help
.PHONY: help setup demo tour test python wheels bindings test-kotlin test-swift swift-bundle android ios interop bench evaluate docs lint

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## check for Rust and a C compiler; install the compiler on Debian where that is allowed
	@wanted=$$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml); \
	if ! command -v $(CARGO) >/dev/null; then \
		echo "Rust is missing: install $$wanted or newer from https://rustup.rs, then run this again." >&2; exit 1; \
	fi; \
	found=$$($(CARGO) --version | cut -d ' ' -f 2); found=$${found%%-*}; \
	if [ "$$(printf '%s\n' "$$wanted" "$$found" | sort -V | head -n 1)" != "$$wanted" ]; then \
		echo "Rust $$found is too old: ATLAS needs $$wanted or newer. Run \`rustup update\`, or see https://rustup.rs." >&2; exit 1; \
	fi
	@command -v $(firstword $(CC)) >/dev/null && exit 0; \
	echo "A C compiler is missing; SQLite is compiled with it." >&2; \
	if ! command -v apt-get >/dev/null; then \
		echo "Install one (gcc or clang), then run this again." >&2; exit 1; \
	elif [ "$$(id -u)" = 0 ]; then \
		apt-get update -q && apt-get install -qy build-essential; \
	elif sudo -n true 2>/dev/null; then \
		sudo -n apt-get update -q && sudo -n apt-get install -qy build-essential; \
	else \
		echo "Run \`sudo apt-get install build-essential\`, then run this again." >&2; exit 1; \
	fi

demo: setup ## import invented tickets and ask what to test, then ATLAS in a browser
	$(CARGO) build --release -q -p atlas-cli -p atlas-web-server
	@$${CARGO_TARGET_DIR:-target}/release/atlas demo
	@$${CARGO_TARGET_DIR:-target}/release/atlas-web --sample --db $${CARGO_TARGET_DIR:-target}/demo.db

tour: setup ## the demonstration without the browser; it ends by itself
	$(CARGO) run --release -q -p atlas-cli -- demo

test: setup ## run all tests
	$(CARGO) build --workspace --lib --bins --tests --examples
	$(CARGO) test --workspace
	@examples/web-server/check
	@examples/web-server/tests/browser/check
	@atlas-py/check
	@atlas-ffi/check

python: setup ## build and test the Python module alone
	$(CARGO) build -p atlas-py
	@atlas-py/check

wheels: setup ## build the Python wheel, target/wheels
	@python3 -m venv target/maturin && target/maturin/bin/pip install --quiet --disable-pip-version-check 'maturin>=1.9,<2'
	target/maturin/bin/maturin build --manifest-path atlas-py/Cargo.toml --profile wheel --compression-level 9 --out target/wheels

bindings: setup ## generate Kotlin, Swift and Python from the library, target/bindings
	$(CARGO) build -p atlas-ffi -p atlas-bindgen
	@atlas-ffi/check bindings

test-kotlin: setup ## build the library and run the Kotlin tests
	$(CARGO) build -p atlas-ffi -p atlas-bindgen
	@atlas-ffi/check kotlin

test-swift: setup ## build the library and run the Swift tests
	$(CARGO) build -p atlas-ffi -p atlas-bindgen
	@atlas-ffi/check swift

swift-bundle: setup ## one folder that builds and tests with Swift alone, target/swift-bundle
	$(CARGO) build -p atlas-ffi -p atlas-bindgen
	@atlas-ffi/swift-bundle

android: setup ## libraries for Android, target/android (needs cargo-ndk and the NDK)
	@atlas-ffi/android

ios: setup ## an xcframework for iOS and macOS, target/ios (needs a Mac with Xcode)
	@atlas-ffi/ios

interop: setup ## test against other programs, installed from PyPI: MCP's Python library, mcp-atlassian, jira; gherkin-official, behave, junitparser, trcli
	$(CARGO) test -p fake-jira --test honest -- --ignored
	$(CARGO) test -p atlas-core --test jira_mcp -- --ignored
	$(CARGO) test -p atlas-core --test exchange readers -- --ignored
	$(CARGO) test -p atlas-cli --test mcp -- --ignored

bench: setup ## measure speed
	$(CARGO) bench -p atlas-benches

evaluate: setup ## print the accuracy table, where the public data is at hand
	$(CARGO) run --release -q -p atlas-benches --bin evaluate

docs: setup ## make the documentation: target/doc/book/index.html and target/doc/atlas_core/index.html
	$(CARGO) doc --workspace --no-deps
	@if ! command -v mdbook >/dev/null; then \
		echo "The book is left out: run \`$(CARGO) install mdbook\`, then this again. Its pages are in docs/src." >&2; exit; \
	fi; \
	target=$${CARGO_TARGET_DIR:-target}; mkdir -p target && \
	$(CARGO) build -q -p atlas-cli && \
	docs/commands.sh $$target/debug/atlas >target/commands.md && \
	mdbook build docs --dest-dir "$$(cd $$target && pwd)/doc/book"

lint: setup ## check form, common mistakes and documentation
	@docs/check
	@$(CARGO) fmt --version >/dev/null 2>&1 && $(CARGO) clippy --version >/dev/null 2>&1 \
		|| { echo "Run \`rustup component add rustfmt clippy\`, then run this again." >&2; exit 1; }
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps
