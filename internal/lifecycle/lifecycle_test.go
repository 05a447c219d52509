package lifecycle_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/template"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestEveryKind checks that every machine, present and future, keeps its
// promises: reachable, no dead end, nothing twice, every move cited, every word
// said, and whatever the table does not say refused.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	for _, k := range lifecycle.Kinds {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			reached, leaves := walk(k)
			once := map[string]bool{}
			for _, m := range k.Moves {
				if m.Basis == "" {
					t.Errorf("%s by %s cites no provision", m.Act, m.By)
				}
				if !slices.Contains(stage.Roles, m.By) {
					t.Errorf("%s by %s: no such role", m.Act, m.By)
				}
				if key := string(m.From) + " " + m.Act + " " + string(m.By); once[key] {
					t.Errorf("%s is written twice", key)
				} else {
					once[key] = true
				}
				if !reached[m.From] {
					t.Errorf("%s can never be reached", m.From)
				}
				if k.Words[m.Act] == "" {
					t.Errorf("act %s has no word", m.Act)
				}
			}
			for s := range reached {
				if _, ends := k.Ends[s]; !ends && !leaves[s] {
					t.Errorf("%s: a state without a way out must be an end", s)
				}
				if k.Words[string(s)] == "" {
					t.Errorf("state %s has no word", s)
				}
				for _, by := range stage.Roles {
					if _, err := k.Step(s, "conjure", by); fault.KindOf(err) != fault.Refused {
						t.Errorf("%s: conjure by %s: got %v, want a refusal", s, by, err)
					}
				}
			}
			for s := range k.Ends {
				if !reached[s] {
					t.Errorf("end %s can never be reached", s)
				}
			}
		})
	}
}

// walk returns which states can be reached from the start, and which have a way
// out.
func walk(k stage.Kind) (reached, leaves map[stage.State]bool) {
	reached, leaves = map[stage.State]bool{k.Start: true}, map[stage.State]bool{}
	for range k.Moves {
		for _, m := range k.Moves {
			leaves[m.From] = true
			if reached[m.From] {
				reached[m.To] = true
			}
		}
	}
	return reached, leaves
}

// TestEveryPairOfStateActRole steps through the whole table: what is written is
// allowed and leads where it says; all else is refused.
func TestEveryPairOfStateActRole(t *testing.T) {
	t.Parallel()
	for _, k := range lifecycle.Kinds {
		for _, s := range k.States() {
			for _, m := range k.Moves {
				for _, by := range stage.Roles {
					i := slices.IndexFunc(k.Moves, func(w stage.Move) bool { return w.From == s && w.Act == m.Act && w.By == by })
					got, err := k.Step(s, m.Act, by)
					if i >= 0 && (err != nil || got != k.Moves[i]) {
						t.Errorf("%s: %s from %s by %s: got %v, %v", k.Name, m.Act, s, by, got, err)
					}
					if i < 0 && fault.KindOf(err) != fault.Refused {
						t.Errorf("%s: %s from %s by %s is not in the table and was not refused", k.Name, m.Act, s, by)
					}
				}
			}
		}
	}
}

func TestAfter(t *testing.T) {
	t.Parallel()
	p := lifecycle.Procedure{"review", "visit", "meeting", "publicity"}
	for _, tt := range []struct {
		name  string
		ended stage.State
		next  string
		goes  bool
	}{
		{"review", "confirmed", "visit", true},
		{"review", "ended", "", false},
		{"review", "drafted", "", false},
		{"visit", "signed", "meeting", true},
		{"visit", "waived", "meeting", true},
		{"visit", "ended", "", false},
		{"meeting", "carried", "publicity", true},
		{"meeting", "lost", "", false},
		{"meeting", "closed", "", false},
		{"publicity", "cleared", "", false},
		{"nothing", "named", "", false},
	} {
		if next, goes := p.After(tt.name, tt.ended); next != tt.next || goes != tt.goes {
			t.Errorf("%s ended %s: got %q, %v; want %q, %v", tt.name, tt.ended, next, goes, tt.next, tt.goes)
		}
	}
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	for name, got := range map[string]string{
		"../../docs/lifecycle.md":   lifecycle.Diagram(),
		"../../docs/permissions.md": lifecycle.Permissions(),
	} {
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is out of date: the tables changed; run make golden and review the diff", name)
		}
	}
}

// TestEveryCauseIsAnAct: what causes a message is an act of the chapter that it names, and
// there are words for it; no kind of message has words that nothing causes.
func TestEveryCauseIsAnAct(t *testing.T) {
	t.Parallel()
	caused := map[string]bool{"deadline": true} // the clock's, of no act
	for _, c := range message.Causes {
		chapter, act, _ := strings.Cut(c.Act, ".")
		// What begins a thing is a word of its kind and no move.
		if k := lifecycle.Named(chapter); k.Words[act] == "" && !slices.ContainsFunc(k.Moves, func(m stage.Move) bool { return m.Act == act }) {
			t.Errorf("%s is no act of any kind", c.Act)
		}
		if k, known := template.Message(c.Kind); !known || k.Label == "" || k.Subject == "" || k.Text == "" {
			t.Errorf("%s: no words of the kind %s", c.Act, c.Kind)
		}
		if len(c.To) == 0 {
			t.Errorf("%s is told nobody", c.Act)
		}
		if got, known := message.CauseOf(c.Act); !known || got.Kind != c.Kind {
			t.Errorf("%s stands twice", c.Act)
		}
		caused[c.Kind] = true
	}
	for _, k := range template.Messages {
		if !caused[k.Name] {
			t.Errorf("nothing causes %s", k.Name)
		}
	}
}
