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

// TestEverythingIsLived: what the promises speak of happens, and what is forbidden is
// tried: a promise about what never comes is worth nothing.
func TestEverythingIsLived(t *testing.T) {
	t.Parallel()
	kinds, guards := map[string]int{}, map[string]int{}
	for _, name := range programmes.Names() {
		r := run(t, name, 800, 5) // enough for the rarest of what is listed below
		for k, n := range r.Kinds {
			kinds[k] += n
		}
		for k, n := range r.Guards {
			guards[k] += n
		}
	}
	for _, act := range []string{
		"draw.conclude", "draw.fail", "draw.restart", "draw.manual", "visit.draw", "calibration.issue", "calibration.mark",
		"story.offer", "story.publish", "story.reclaim", "story.withdraw", "designation.succeed", "designation.refuse", "designation.inherit",
	} {
		if kinds[act] == 0 {
			t.Errorf("%s never happens", act)
		}
	}
	for _, rule := range []string{"draw.fixed", "draw.commit.side", "draw.reveal.differs", "draw.fail.early", "calibration.mark.twice", "calibration.mark.author", "story.title_ended", "story.four_eyes", "designation.dissolve.succession"} {
		if guards[rule] == 0 {
			t.Errorf("%s never refuses", rule)
		}
	}
}
