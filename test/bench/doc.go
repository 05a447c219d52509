// Package bench measures acts of this program beside PocketBase doing the like, in
// one run on one machine (issue 3, Speed). It is a module of its own, so that
// PocketBase never enters the program's:
//
//	cd test/bench && go mod tidy && go test -bench . -benchtime 2000x
package bench
