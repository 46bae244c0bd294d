# The two commands of a newcomer are `make run` and `make test`; each installs what it lacks.
# What they do is in scripts/.

# A fresh Rust installation is not on the PATH before the next login.
export PATH := $(PATH):$(HOME)/.cargo/bin

.DEFAULT_GOAL := help
.PHONY: help run test deb test-deb setup-deb setup-test-deb bench soak fuzz windows test-windows check-windows sample-audio pictures setup-run setup-test setup-bench setup-soak setup-fuzz setup-windows setup-wine

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup-run ## build Loa, start the sample station and air one programme; Ctrl-C ends it
	cargo build --release
	@scripts/run-sample

test: setup-test ## formatting, lints, documents and every test
	@scripts/run-tests

deb: setup-deb ## the Debian package, into target/debian
	cargo build --release
	@scripts/make-deb

test-deb: setup-test-deb deb ## install, upgrade and remove the package in a clean Debian that is booted for it; needs root
	@scripts/try-deb

bench: setup-bench setup-wine ## the figures of docs/performance.md on this machine
	cargo build --release --target x86_64-pc-windows-gnu
	@scripts/run-benches

soak: setup-soak ## kills, lost cards, clock steps, months of faults and two hours at work: the figures of docs/reliability.md
	@scripts/run-soak

fuzz: setup-fuzz ## hostile schedules, workbooks and recordings, ten minutes each
	@scripts/run-fuzz

windows: setup-windows ## build Loa for Windows into target/windows/loa-VERSION-windows.zip, with its installer
	@scripts/need-packages zip
	@scripts/make-windows

test-windows: setup-windows setup-wine ## Loa for Windows under Wine: stations, the inbox, the service, the installation
	@scripts/run-windows-tests

check-windows: setup-windows ## type-check for Windows
	cargo check --target x86_64-pc-windows-gnu --all-targets

sample-audio: ## make the recordings of the sample station anew from audio/texts
	@scripts/need-packages espeak-ng sox ffmpeg
	scripts/make-sample-audio

pictures: setup-test ## make the pictures of docs/pages.md anew
	@scripts/need-packages pngquant poppler-utils chromium-l10n
	scripts/make-pictures

# The C compiler builds the bundled SQLite and links; the ALSA headers are needed whatever the sound system.
setup-run:
	@scripts/need-rust
	@scripts/need-packages gcc libc6-dev pkg-config libasound2-dev

setup-test: setup-run
	@scripts/need-rust rustfmt clippy
	@scripts/need-packages pulseaudio pulseaudio-utils libasound2-plugins sox libsox-fmt-base ffmpeg espeak-ng \
		python3 python3-pip libfaketime openssl fonts-liberation
	@scripts/need-oracle
	@scripts/need-browser

setup-deb: setup-run
	@scripts/need-packages dpkg-dev xz-utils

setup-test-deb: setup-deb
	@scripts/need-packages debootstrap systemd-container lintian pulseaudio pulseaudio-utils sox python3

setup-bench: setup-run
	@scripts/need-packages pulseaudio pulseaudio-utils libasound2-plugins sox ffmpeg mpv cron

setup-soak: setup-run
	@scripts/need-packages pulseaudio pulseaudio-utils libfaketime

setup-fuzz: setup-run
	@scripts/need-packages g++
	@rustup toolchain install nightly --profile minimal
	@command -v cargo-fuzz > /dev/null || cargo install --locked cargo-fuzz

setup-windows: setup-run
	@scripts/need-rust --target x86_64-pc-windows-gnu
	@scripts/need-packages gcc-mingw-w64-x86-64

setup-wine: setup-windows
	@scripts/need-wine
