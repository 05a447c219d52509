package simulate_test

import (
	"testing"

	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/play/simulate"
	"shifan/programmes"
)

func run(t *testing.T, name string, years int, seed uint64) simulate.Report {
	t.Helper()
	text, ok := programmes.Text(name)
	if !ok {
		t.Fatalf("no programme %s", name)
	}
	p, problems := format.Read(text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return simulate.Run(simulate.Options{Programme: p, Years: years, Seed: seed})
}

// TestNoViolation lives every programme that the program is shipped with.
func TestNoViolation(t *testing.T) {
	t.Parallel()
	for _, name := range programmes.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := run(t, name, 400, 1)
			for _, v := range r.Violations {
				t.Error(v)
			}
			if r.Years != 400 || r.Acts < 10*r.Years {
				t.Errorf("%d acts in %d years", r.Acts, r.Years)
			}
		})
	}
}

// TestSameSeedSameDigest: everything follows from the seed.
func TestSameSeedSameDigest(t *testing.T) {
	t.Parallel()
	a, b, c := run(t, "jilin-party-building-base", 60, 7), run(t, "jilin-party-building-base", 60, 7), run(t, "jilin-party-building-base", 60, 8)
	if a.Digest != b.Digest || a.Acts != b.Acts {
		t.Errorf("one seed, two digests: %s %s", a.Digest, b.Digest)
	}
	if a.Digest == c.Digest {
		t.Error("two seeds, one digest")
	}
}

func BenchmarkYears(b *testing.B) {
	text, _ := programmes.Text("jilin-party-building-base")
	p, _ := format.Read(text)
	r := simulate.Report{}
	for b.Loop() {
		r = simulate.Run(simulate.Options{Programme: p, Years: 200, Seed: 3})
	}
	b.ReportMetric(float64(r.Acts), "acts/op")
	b.ReportMetric(float64(r.Acts*b.N)/b.Elapsed().Seconds(), "acts/s")
}
