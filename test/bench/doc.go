// Package bench measures the program on one machine beside others that do the like, and
// its real server from outside (issue 3, Speed). docs/benchmarks.md says what is wanted
// and what was measured. It is a module of its own, so that PocketBase never enters the
// program's:
//
//	cd test/bench && go test -run '^$' -bench . -benchtime 300x
//	cd test/bench && go test -run '^$' -bench 'Upload|DeadlineHour' -benchtime 1x
package bench
