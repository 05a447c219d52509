package jobs_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"

	"shifan/internal/jobs"
	"shifan/internal/lifecycle/probe"
	"shifan/internal/testkit"
)

// TestProbe: the page that carries a list is visited every half hour; that it goes away is
// seen, told to the office after the second time, and moves no day by itself.
func TestProbe(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	apps := w.Carried(w.OpenRound(), 1)
	w.At("2021-09-01 10:00:00")
	key := w.Publicised(apps...)
	var gone atomic.Bool
	host := httptest.NewServer(http.HandlerFunc(func(a http.ResponseWriter, _ *http.Request) {
		if gone.Load() {
			a.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = io.WriteString(a, "公示")
	}))
	defer host.Close()
	clerk := w.Office().Clerk
	if err := w.Desk.PostPublicity(t.Context(), clerk, key, publicity.Posting{URL: host.URL + "/1", At: w.Desk.Now()}, false); err != nil {
		t.Fatal(err)
	}
	before, err := w.Desk.Publicity(t.Context(), clerk, key)
	if err != nil {
		t.Fatal(err)
	}
	visit := func(want int) {
		t.Helper()
		if n, err := jobs.Probe(t.Context(), w.Desk, host.URL, time.Now); err != nil || n != want {
			t.Fatalf("%d visits, want %d: %v", n, want, err)
		}
	}
	visit(1)
	visit(0)
	w.Jump(w.Desk.Now().Add(probe.Every - time.Second))
	visit(0)
	told := func() (n int) {
		work, err := w.Desk.Work(t.Context(), clerk)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range work {
			if i.URL == "/publicities/"+string(key)+"/interrupt" {
				n++
			}
		}
		return n
	}
	for i, want := range []int{0, 1} {
		gone.Store(true)
		w.Jump(w.Desk.Now().Add(probe.Every))
		visit(1)
		if got := told(); got != want {
			t.Errorf("after %d visits in vain the office has %d items, want %d", i+1, got, want)
		}
	}
	if v, err := w.Desk.Publicity(t.Context(), stage.Anyone, key); err != nil || v.Visited.Visits != 3 || v.Visited.Reached != 1 || v.Visited.Up || v.Probes != nil {
		t.Errorf("everybody is told %+v, %v", v.Visited, err)
	}
	host.Close()
	w.Jump(w.Desk.Now().Add(probe.Every))
	visit(1)
	v, err := w.Desk.Publicity(t.Context(), clerk, key)
	if err != nil {
		t.Fatal(err)
	}
	s := probe.Spans(v.Probes)
	if len(s) != 2 || !s[0].Reached || s[0].Digest == "" || s[1].Reached || s[1].Visits != 3 || s[1].Say == "" {
		t.Errorf("%+v", s)
	}
	if v.Publicity.Last != before.Publicity.Last {
		t.Error("a visit moved the last day")
	}
}
