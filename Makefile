# The binary goes to bin/, since runner/ is a package. Its version says which
# commit it was built from, even where GOFLAGS turns that off.
GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: build demo test race bench generate lint fuzz clean

build:
	$(GO) build -buildvcs=auto -o bin/runner ./cmd/runner

demo: build
	bin/runner sweep experiments/quickstart

test:
	$(GO) vet ./...
	$(GO) test ./...

race:
	$(GO) test -race -short ./...

bench:
	$(GO) test -run '^$$' -bench . ./...

generate:
	$(GO) generate ./...
	$(GO) run ./cmd/runner schema > experiments/schema.json.new
	mv experiments/schema.json.new experiments/schema.json
	$(GO) test ./cmd/runner -run TestReadmeReference -update

lint:
	test -z "$$(gofmt -l .)"
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

fuzz:
	$(GO) test -run '^$$' -fuzz FuzzLoad -fuzztime 5m ./internal/spec

clean:
	rm -rf bin
