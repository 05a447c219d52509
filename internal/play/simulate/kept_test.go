package simulate_test

import (
	"testing"

	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/play/simulate"
	"shifan/programmes"
)

func kept(t *testing.T, name string, years int, seed uint64) simulate.Report {
	t.Helper()
	text, _ := programmes.Text(name)
	p, problems := format.Read(text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := simulate.RunKept(t.Context(), simulate.Options{Programme: p, Years: years, Seed: seed}, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Violations {
		t.Error(v)
	}
	return r
}

// TestLivesOnADatabase: every shipped programme lives through casework, with
// crashes, and the same seed gives the same digest.
func TestLivesOnADatabase(t *testing.T) {
	t.Parallel()
	for _, name := range programmes.Names() {
		a, b, c := kept(t, name, 5, 7), kept(t, name, 5, 7), kept(t, name, 1, 8)
		if a.Digest != b.Digest || a.Acts != b.Acts || a.Digest == c.Digest {
			t.Errorf("%s: %s and %s, and for another seed %s", name, a.Digest, b.Digest, c.Digest)
		}
		if a.Kinds["application.accept"] == 0 || a.Refusals == 0 {
			t.Errorf("%s: %v", name, a.Kinds)
		}
	}
}
