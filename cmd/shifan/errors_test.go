package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"shifan/internal/fault"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestErrorsGolden lists every sentence that the program can say when it
// refuses something. It stands here because the binary links every package
// that defines one.
func TestErrorsGolden(t *testing.T) {
	const golden = "../../docs/errors.md"
	var b strings.Builder
	b.WriteString("# Every sentence of refusal\n\nDrawn from `fault.Define`; `make golden` rewrites it. `%s` and the like stand for what is filled in.\n\n" +
		"| code | kind | sentence | provision |\n|---|---|---|---|\n")
	for _, r := range fault.Defined() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.Code, r.Kind, strings.ReplaceAll(r.Text, "|", "\\|"), r.Basis)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Error("docs/errors.md is out of date: a sentence changed; run make golden and review the diff")
	}
}
