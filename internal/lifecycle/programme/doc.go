// Package programme (方案) is what is recognised, by whom, under which act. A
// programme is data: programmes/<name>/programme.yaml, versioned, checked
// against a JSON Schema and then against the rules of this package. A round
// freezes the version it opened with.
//
// The notice behind the first programme leaves much open: how many are chosen,
// how a vote is counted, how long a rectification lasts. Each of those is a
// setting here with the default that facts.md §10 gives, and each is printed in
// the round's call.
package programme
