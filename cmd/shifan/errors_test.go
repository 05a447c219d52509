package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/programme/cite"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/programme/schema"
	"shifan/programmes"
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

// ofLaws is how a law or a standard that binds every programme begins.
var ofLaws = regexp.MustCompile(`^(民法典|个人信息保护法|无障碍环境建设法|社会组织评估管理办法|创建示范活动管理办法（试行）|中国共产党基层组织选举工作条例|社会团体登记管理条例|党政机关公文处理工作条例|GB |GB/T )`)

// TestEveryClauseIsKnown: what a move or a refusal rests on is a clause of the notice
// that a programme can name in its own words, a rule that all offices share, a setting
// of the programme or a law; and the notice's own programme names every clause.
func TestEveryClauseIsKnown(t *testing.T) {
	t.Parallel()
	text, _ := programmes.Text("jilin-party-building-base")
	notice, problems := format.Read(text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	known := schema.Root().Property("clauses")
	look := func(where, basis string) {
		for _, h := range cite.Heads(basis) {
			if known.Property(h) == nil {
				t.Errorf("%s rests on %q, which no programme can name: add it to clauses in the schema", where, h)
			}
			if h != notice.Clauses[h] {
				t.Errorf("%s rests on %q, which the notice's own programme does not name", where, h)
			}
		}
		for part := range strings.SplitSeq(cite.General(basis), "；") {
			if part != "" && !strings.HasPrefix(part, "制度:") && !strings.HasPrefix(part, "方案设定") && !ofLaws.MatchString(part) {
				t.Errorf("%s rests on %q, which tells a person nothing", where, part)
			}
		}
	}
	for _, r := range fault.Defined() {
		look(r.Code, r.Basis)
	}
	for _, k := range lifecycle.Kinds {
		for _, m := range k.Moves {
			look(k.Name+"."+m.Act, m.Basis)
		}
	}
}
