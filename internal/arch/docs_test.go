package arch_test

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func readTop(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(top, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestEveryDependencyHasAReason compares docs/dependencies.md with go.mod.
func TestEveryDependencyHasAReason(t *testing.T) {
	t.Parallel()
	reasons := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.+) \\|$").FindAllStringSubmatch(readTop(t, "docs/dependencies.md"), -1) {
		reasons[m[1]] = m[2]
	}
	direct := map[string]bool{}
	for line := range strings.Lines(readTop(t, "go.mod")) {
		f := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(f) == 2 && strings.HasPrefix(f[1], "v") {
			direct[f[0]] = true
			if reasons[f[0]] == "" {
				t.Errorf("%s has no reason in docs/dependencies.md", f[0])
			}
		}
	}
	for mod := range reasons {
		if !direct[mod] {
			t.Errorf("docs/dependencies.md gives a reason for %s, which go.mod does not require directly", mod)
		}
	}
}

// names lists what the source declares, as "lifecycle/round.Round.Publish" and
// "lifecycle/round.TestPublish": packages below internal/, or cmd/shifan.
func names(t *testing.T) map[string]bool {
	all := map[string]bool{}
	for _, f := range sources(t) {
		pkg := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(f.path)), "internal/")
		for _, d := range f.tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
						if i, ok := n.(*ast.Ident); ok {
							name = i.Name + "." + d.Name.Name
							return false
						}
						return true
					})
				}
				all[pkg+"."+name] = true
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						all[pkg+"."+s.Name.Name] = true
						addFields(all, pkg, s)
					case *ast.ValueSpec:
						for _, n := range s.Names {
							all[pkg+"."+n.Name] = true
						}
					}
				}
			}
		}
	}
	return all
}

func addFields(all map[string]bool, pkg string, s *ast.TypeSpec) {
	st, ok := s.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range st.Fields.List {
		for _, n := range f.Names {
			all[pkg+"."+s.Name.Name+"."+n.Name] = true
		}
	}
}

// TestTraceability checks that every clause S1–S76 has its row and that the
// rules and tests which a row names exist.
func TestTraceability(t *testing.T) {
	t.Parallel()
	known := names(t)
	text := readTop(t, "docs/traceability.md")
	for i := 1; i <= 76; i++ {
		m := regexp.MustCompile(fmt.Sprintf(`(?m)^\| S%d \| (.+) \| (.+) \|$`, i)).FindStringSubmatch(text)
		if m == nil {
			t.Errorf("S%d has no row | S%d | rule | test |", i, i)
			continue
		}
		for col, cell := range m[1:] {
			for part := range strings.SplitSeq(cell, ";") {
				part = strings.Trim(strings.TrimSpace(part), "`")
				if strings.HasPrefix(part, "not yet") || strings.HasPrefix(part, "rest:") {
					continue
				}
				if !known[part] {
					t.Errorf("S%d names %q, which does not exist", i, part)
				}
				last := part[strings.LastIndex(part, ".")+1:]
				if isTest := strings.HasPrefix(last, "Test") || strings.HasPrefix(last, "Fuzz"); col == 1 && !isTest {
					t.Errorf("S%d: %q stands in the column of tests and is none", i, part)
				}
			}
		}
	}
}

// TestRefusals checks docs/refusals.md: the rules and the tests that a row names exist,
// its faults are defined, and each case of issue 4 has its row.
func TestRefusals(t *testing.T) {
	t.Parallel()
	known, faults, text := names(t), readTop(t, "docs/errors.md"), readTop(t, "docs/refusals.md")
	for _, c := range []string{
		"vote twice", "vote when recused", "vote when absent", "vote after close", "ballots collected > issued", "roster empty", "quorum lost in the meeting",
		"replayed ballot", "altered ballot", "wrong trustee share", "tampered archive of a ballot", "tampered archive of a round",
		"sync of a visit closed meanwhile", "photo larger than allowed", "clock of the phone a day ahead", "clock of the phone wrong by a day, on the day",
	} {
		if !strings.Contains(text, "\n| "+c+" |") {
			t.Errorf("no row says what happens on: %s", c)
		}
	}
	quoted := regexp.MustCompile("`([^`]+)`")
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]*`+"`"+`[^|]*) \| ([^|]+) \| ([^|]+) \|$`).FindAllStringSubmatch(text, -1) {
		if !quoted.MatchString(row[4]) {
			t.Errorf("%s: no test", row[1])
		}
		for _, m := range quoted.FindAllStringSubmatch(row[2]+row[4], -1) {
			if !known[m[1]] {
				t.Errorf("%s names %q, which does not exist", row[1], m[1])
			}
		}
		for _, m := range quoted.FindAllStringSubmatch(row[3], -1) {
			if !strings.Contains(faults, "\n| "+m[1]+" |") {
				t.Errorf("%s: no fault %q", row[1], m[1])
			}
		}
		for _, m := range quoted.FindAllStringSubmatch(row[4], -1) {
			if last := m[1][strings.LastIndex(m[1], ".")+1:]; !strings.HasPrefix(last, "Test") {
				t.Errorf("%s: %q stands among the tests and is none", row[1], m[1])
			}
		}
	}
}
