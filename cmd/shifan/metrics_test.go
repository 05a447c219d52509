package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestMetrics: requests count under their route and status and never under their
// address; /metrics is on the operator's address only, and nothing else is there.
func TestMetrics(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /applications/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	m := newMeters()
	site := m.door(mux)
	for _, path := range []string{"/applications/app_secret?q=13900000000", "/applications/app_other", "/nobody"} {
		site.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	m.commit()(3)
	m.tick()(2, nil)
	m.tick()(0, http.ErrServerClosed)
	var said strings.Builder
	if err := m.listen(t.Context(), "127.0.0.1:0", &said, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	url := strings.TrimSpace(strings.TrimPrefix(said.String(), "运行指标 "))
	status, text := fetch(t, url)
	if status != http.StatusOK {
		t.Fatalf("%s: %d", url, status)
	}
	for _, line := range []string{
		`shifan_requests_total{route="GET /applications/{id}",status="418"} 2`, `shifan_requests_total{route="other",status="404"} 1`,
		`shifan_request_seconds_count{route="GET /applications/{id}"} 2`, "shifan_commit_changes_sum 3", "shifan_commit_seconds_count 1",
		"shifan_tick_acts_total 2", "shifan_tick_errors_total 1", "shifan_tick_seconds_count 2", "process_resident_memory_bytes ",
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("no line %s", line)
		}
	}
	for _, personal := range []string{"app_secret", "13900000000", "nobody"} {
		if strings.Contains(text, personal) {
			t.Errorf("it tells %s", personal)
		}
	}
	if status, _ := fetch(t, strings.TrimSuffix(url, "metrics")); status != http.StatusNotFound {
		t.Errorf("beside it: %d", status)
	}
	if err := m.listen(t.Context(), "256.0.0.1:1", &said, slog.Default()); err == nil {
		t.Error("an address that is none")
	}
}

func fetch(t *testing.T, url string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
