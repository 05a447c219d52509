# make help lists what there is. Everything works on a fresh clone with Go, Node and make.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: api deb litestream archives schema journeys ballots credentials kills simulate race help run test check lint golden generate assets tools bench

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: assets ## serve the demonstration on http://127.0.0.1:8080
	go run ./cmd/shifan demo --listen 127.0.0.1:8080

test: tools ## install what the tests need where it may, and run every test
	./scripts/test

check: ## what CI runs: formatting, generated files, lint, every test, the simulation, the race detector
	./scripts/check

lint: ## everything that reads the source: vet and ours, staticcheck, unparam
	go run ./scripts/lint ./...
	GOGC=off GOMEMLIMIT=5GiB go tool staticcheck ./...
	GOGC=off GOMEMLIMIT=5GiB go tool unparam ./...

golden: ## rewrite the golden documents and show what changed
	go test ./internal/lifecycle ./cmd/shifan ./internal/store -run Golden -update
	SHIFAN_TEST_DATABASE=postgres go test ./internal/store -run Golden -update
	git diff --stat docs internal/store/testdata

schema: ## keep a database of the schema of today, for the upgrade test, once a migration landed
	SHIFAN_TEST_KEEP_SCHEMA=play go test -count=1 -run TestKeepSchema ./internal/play
	git status --short internal/store/testdata/schemas

deb: assets ## build the Debian package into build/
	./scripts/deb

litestream: ## follow a database with litestream while it is written, and verify what it restores
	./scripts/litestream

generate: ## make the Go files of the pages anew
	go tool templ generate

assets: ## fetch the fonts that documents are set in
	./scripts/assets

tools: assets ## install PostgreSQL, Chromium, the browser driver and what judges documents
	./scripts/tools

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

simulate: ## live 100,000 programme-years in memory and 200 on a database
	for p in jilin-party-building-base farmers-cooperative-demonstration; do \
	  go run ./cmd/shifan simulate --programme $$p --years 50000 --seed 1 && \
	  go run ./cmd/shifan simulate --programme $$p --years 100 --seed 1 --storage sqlite || exit 1; done

# SQLite itself is C made Go and one connection has one thread: instrumented it would take
# most of the time and find nothing of ours. Only its translation is left out: a package
# with generic code in it would bring uninstrumented copies of, say, sync.Map to all others.
RACED := ./internal/fault ./internal/id ./internal/calendar ./internal/record ./internal/lifecycle/... ./internal/mail ./internal/hook ./internal/store ./internal/casework
RACE := -race -gcflags=modernc.org/sqlite/lib=-race=false
race: ## the race detector on what is decided, recorded, stored and worked
	GOGC=400 go list $(RACE) -test -deps -export $(RACED) >/dev/null
	go test $(RACE) -shuffle=on $(RACED)

kills: ## kill the program at every write, rename and fsync of submitting and uploading
	SHIFAN_TEST_EVERY_CALL=1 go test -timeout 30m -run Killed ./internal/casework ./internal/web

archives: ## change every bit of a small archive package, and every change is found
	SHIFAN_TEST_EVERY_BYTE=1 go test -timeout 30m -run EveryByte ./internal/archive

credentials: ## let @digitalbazaar/vc judge 1,000 credentials of each kind
	SHIFAN_TEST_CREDENTIALS=1000 go test -timeout 30m -run Judged ./internal/credential

journeys: tools ## the long journeys: a secret ballot in ten browsers, a visit without a network, a whole meeting
	node --test --test-concurrency=1 test/browser/*.long.mjs

ballots: ## 200 elections of ours judged by belenios-tool, 200 of its judged by us, and every archive with a digit changed by both
	SHIFAN_TEST_BALLOTS=200 go test -timeout 60m -run Tool ./internal/ballot

api: ## let @redocly/cli judge the API's description, make the types of its client, and run the example with them
	mkdir -p build && go build -o build/shifan ./cmd/shifan
	build/shifan openapi >examples/client/openapi.json
	cd examples/client && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run -s lint && npm run -s types && npm run -s build && node --test
