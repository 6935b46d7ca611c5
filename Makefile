# Every target says what it does: make help.
# Programs get their arguments through ARGS:  make run ARGS="--listen 127.0.0.1:9090 --no-demo"

# A clone that belongs to another user has no readable git state. Without the clone's path in what is compiled, a second clone compiles nothing again.
export GOFLAGS += -buildvcs=false -trimpath

# Tests are linked without what only a debugger reads, and vetted once, by unit. Each run is a real one: Go cannot see that the Postgres that a test
# talked to is another now.
TESTFLAGS := -ldflags=-w -vet=off -count=1

# Go collects later than by itself: with the Temporal server in each test's process, collecting would take a quarter of the processors' time.
e2e unit histories: export GOGC := 800
e2e unit histories: export GOMEMLIMIT := 2GiB

.DEFAULT_GOAL := help
.PHONY: help run build test test-long unit histories scripts e2e torture bench lint screenshots clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build, then start database, engine, worker and web with the demonstration bureau in ./data; Ctrl-C stops all
	@exec bin/banli-standalone up $(ARGS)

build: ## Build bin/banli-standalone and bin/banli (about 4 minutes the first time, then seconds)
	@.ci/build ./cmd/banli-standalone ./cmd/banli

test: ## Everything: install what is missing (as root), vet, all Go tests, the scripts of the pages, the browser tests
	@.ci/install
	$(MAKE) --no-print-directory scripts
	@# Three lanes, each of which waits for a third of its time: two cores carry them.
	$(MAKE) --no-print-directory -j3 e2e unit histories

test-long: ## What takes too long for every change: everybody's tasks of each kind by the mouse, the keyboard alone and a finger, with the clicks and seconds of each; every figure over 5,000 cases; the worked examples of docs/change.md
	go test $(TESTFLAGS) -run TestWorkedExamples . -worked-examples
	go test $(TESTFLAGS) -v -timeout 90m -run TestEveryFigureRecounted ./internal/store -recounted 5000
	go test $(TESTFLAGS) -v -timeout 90m -run TestByHand ./e2e -every-hand

unit: ## vet and the Go tests of the packages, on a real Postgres and a real Temporal
	go vet ./...
	go test $(TESTFLAGS) -p 1 -timeout 30m $$(go list ./... | grep -v -e '/e2e$$' -e '/e2e/record$$' -e '/workflows$$' -e /node_modules/)

histories: ## The workflows: random walks, clocks through a year, and every recorded history under the code of today
	go test $(TESTFLAGS) -p 1 -timeout 30m ./workflows ./e2e/record

scripts: e2e/node_modules/.package-lock.json ## The scripts of the pages: linted, and what needs no page tested
	e2e/node_modules/.bin/eslint -c e2e/eslint.config.mjs internal/web/static/*.js internal/web/scripts_test/*.js e2e/*.mjs
	node --test internal/web/scripts_test/*.test.js

e2e/node_modules/.package-lock.json: e2e/package-lock.json
	npm ci --prefix e2e --ignore-scripts --no-audit --no-fund

e2e: ## The real binaries from outside: start, kill, resume, and the main line in Chromium; ARGS=-pictures leaves a picture of each page in e2e/out
	go test $(TESTFLAGS) -timeout 30m ./e2e $(ARGS)
	@cat e2e/out/axe.txt e2e/out/torture.txt

torture: ## Officers at work while everything is killed and paused under them: 200 faults, or ARGS="-torture 1000 -torture-seed 42"
	go test $(TESTFLAGS) -v -timeout 24h -run TestTorture ./e2e $(or $(ARGS),-torture 200)
	@cat e2e/out/torture.txt

bench: ## The ten-action lifecycle beside its two floors; ARGS are the benchmark's flags
	go run ./bench $(ARGS)

lint: scripts ## vet, gofumpt, staticcheck, workflowcheck, and the scripts of the pages
	go vet ./...
	@unformatted=$$(go run mvdan.cc/gofumpt@v0.12.0 -l .) && \
		if [ -n "$$unformatted" ]; then echo "gofumpt would change:"; echo "$$unformatted"; exit 1; fi
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	go run go.temporal.io/sdk/contrib/tools/workflowcheck@v0.6.0 ./workflows/...

screenshots: ## Draw docs/images anew in Chromium, from the demonstration bureau
	go test $(TESTFLAGS) -run TestScreenshots ./e2e -screenshots

clean: ## Remove what was built; ./data stays
	rm -rf bin e2e/out e2e/node_modules
