package door_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"shifan/internal/door"
)

// TestPath: what a log keeps of an address gives nobody access, and says what the
// address was of.
func TestPath(t *testing.T) {
	t.Parallel()
	var got string
	mux := http.NewServeMux()
	for _, pattern := range []string{"GET /invitations/{token}", "GET /account/mail/{code}", "GET /rounds/{id}/{$}", "GET /organisations"} {
		mux.HandleFunc(pattern, func(_ http.ResponseWriter, r *http.Request) { got = door.Path(r) })
	}
	for asked, want := range map[string]string{
		"/invitations/s3cr3t": "/invitations/{token}", "/account/mail/4711?again=1": "/account/mail/{code}",
		"/rounds/rnd_1/": "/rounds/rnd_1/", "/organisations?q=白桦林": "/organisations",
	} {
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, asked, nil))
		if got != want {
			t.Errorf("%s is logged as %q, want %q", asked, got, want)
		}
	}
}
