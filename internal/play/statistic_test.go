package play_test

import (
	"testing"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// TestStatisticsAreTheRecords recounts the statistics of a life from the record's lines,
// and holds them against its summary.
func TestStatisticsAreTheRecords(t *testing.T) {
	t.Parallel()
	l := lived()
	if l.err != nil {
		t.Fatal(l.err)
	}
	w, counts := l.w, l.counts
	acts := map[string]map[string]int{} // by round: how many applications had the act
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		for _, r := range counts.Rounds {
			acts[string(r.Round)] = map[string]int{}
			apps, err := tx.ApplicationsOf(r.Round)
			if err != nil {
				return err
			}
			for _, a := range apps {
				lines, err := tx.Entries(stage.TheClock, store.EntryFilter{Thing: string(a.ID), Limit: 500})
				if err != nil {
					return err
				}
				seen := map[string]bool{}
				for _, l := range lines {
					if !seen[l.Entry.Act] {
						acts[string(r.Round)][l.Entry.Act]++
					}
					seen[l.Entry.Act] = true
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, r := range counts.Rounds {
		v, err := w.Desk.RoundStatistics(t.Context(), stage.Actor{Role: stage.Auditor}, r.Round)
		if err != nil || len(v.Wrong) > 0 {
			t.Fatalf("%d: %v %v", r.Year, v.Wrong, err)
		}
		listed(t, w, r.Round, v)
		of := acts[string(r.Round)]
		for act, n := range map[string]int{
			"application.start": v.Total.Started, "application.submit": v.Total.Received, "application.accept": v.Total.Accepted, "application.name": v.Total.Named,
		} {
			if of[act] != n {
				t.Errorf("%d: the record has %d with %s, the statistics %d", r.Year, of[act], act, n)
			}
		}
		if r.Started != v.Total.Started || r.Named != v.Total.Named {
			t.Errorf("%d: the summary says %d begun and %d named, the statistics %d and %d", r.Year, r.Started, r.Named, v.Total.Started, v.Total.Named)
		}
	}
}

// listed holds every figure of a round against the list of what it counts.
func listed(t *testing.T, w *play.Theatre, key id.Round, v casework.StatisticsView) {
	t.Helper()
	shown := 0
	for _, c := range testkit.Figures(v) {
		l, err := w.Desk.Reckoned(t.Context(), stage.Actor{Role: stage.Auditor}, key, c.Figure, 0, 1000)
		if !c.Listed(stage.Auditor) {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%+v is listed: %v", c.Figure, err)
			}
			continue
		}
		if err != nil || l.Total != c.N || len(l.Rows) != c.N {
			t.Errorf("%+v counts %d, its list has %d: %v", c.Figure, c.N, len(l.Rows), err)
		}
		for _, r := range l.Rows {
			if !r.Application.Filed() {
				t.Errorf("%+v lists a draft", c.Figure)
			}
		}
		shown += c.N
	}
	if shown < 50 {
		t.Errorf("the figures of %s count only %d things", key, shown)
	}
}
