# The binary goes to bin/, since runner/ is a package. Its version says which
# commit it was built from, even where GOFLAGS turns that off.
GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: build install demo test race torture bench bench-peers bench-forecast bench-leaderboard leaderboard images generate lint fuzz fuzz-where clean

build:
	$(GO) build -buildvcs=auto -o bin/runner ./cmd/runner

# Where make install puts the program; DESTDIR goes before it, for those who make packages.
PREFIX = /usr/local
install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 bin/runner $(DESTDIR)$(PREFIX)/bin/runner

demo: build
	bin/runner sweep experiments/quickstart

test:
	$(GO) vet ./...
	$(GO) test ./...
	$(GO) test -tags purego ./arch/... ./internal/rng
	for isa in avx2 purego; do RUNNER_ISA=$$isa $(GO) test -count=1 ./runner -run TestArithmeticVersion || exit; done

race:
	$(GO) test -race -short ./...

# Kills and stops sweeps for some minutes; RUNNER_TORTURE_SEED repeats the draws.
torture:
	RUNNER_TORTURE=1 $(GO) test -count=1 -timeout 60m -v -run 'Torture|WriteAtOnce' ./cmd/runner ./store

bench:
	$(GO) test -run '^$$' -bench . ./...

# Needs Debian's python3-torch and libopenblas0, and takes some minutes. PEERS
# takes its flags: make bench-peers PEERS="-only step".
bench-peers: build
	$(GO) run -buildvcs=auto ./cmd/bench-peers $(PEERS)

# Makes stores of thousands of runs, and times the whole program on them. BIG takes other
# sizes: make bench-leaderboard BIG="-experiments 20000 -epochs 50".
bench-leaderboard: build
	$(GO) run ./cmd/bench-store $(BIG)

# Trains each experiment for two epochs, some times. FORECASTS takes its flags.
bench-forecast: build
	$(GO) run -buildvcs=auto ./cmd/bench-forecast $(FORECASTS) experiments/*.yaml experiments/quickstart/*.yaml

# The leaderboard of docs/comparing.md, from a real sweep. STORE keeps what it trains.
STORE = runs-leaderboard
leaderboard: build
	docs/leaderboard.sh $(STORE)

# The README's pictures, from a real sweep of a minute or two.
images: build
	$(GO) run docs/images.go

generate:
	$(GO) generate ./...
	$(GO) run ./cmd/runner schema > experiments/schema.json.new
	mv experiments/schema.json.new experiments/schema.json
	$(GO) test ./cmd/runner -run TestReference -update

lint:
	test -z "$$(gofmt -l .)"
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

# Each reader of what comes from outside, for FUZZTIME. Minimising what is merely
# interesting would take most of the time. Go before 1.27 fails now and then as the time
# ends, with nothing found (go.dev/issue/75804): what was found fails once more.
FUZZTIME = 1m
FUZZ = $(GO) test -run '^$$' -fuzzminimizetime 20x -fuzztime $(FUZZTIME) -fuzz
fuzz = $(FUZZ) $(1) || $(FUZZ) $(1)
fuzz: fuzz-where
	$(call fuzz,FuzzLoad ./internal/spec)
	$(call fuzz,FuzzRead ./internal/checkpoint)
	$(call fuzz,FuzzPickled ./internal/data/cifar)
	$(call fuzz,FuzzBinary ./internal/data/cifar)
	$(call fuzz,FuzzArchive ./internal/data/cifar)

# Conditions are short: fuzzing them takes a quarter of a minute, unless FUZZTIME is given.
fuzz-where: FUZZTIME = 15s
fuzz-where:
	$(call fuzz,FuzzParse ./internal/where)

clean:
	rm -rf bin
