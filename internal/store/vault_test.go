package store_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"shifan/internal/store"
)

// TestShut: what is shut opens for the same thing with the same key, and for nothing else.
func TestShut(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	text, err := s.Shut(rand.Reader, "hok_1", "shw_secret")
	if err != nil || !store.IsShut(text) || strings.Contains(text, "secret") {
		t.Fatal(text, err)
	}
	again, err := s.Shut(rand.Reader, "hok_1", "shw_secret")
	if err != nil || again == text {
		t.Errorf("the same text twice: %v", err)
	}
	if got, err := s.Open("hok_1", text); got != "shw_secret" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if got, err := s.Open("hok_1", "shw_old"); got != "shw_old" || err != nil {
		t.Errorf("of an older version: %q %v", got, err)
	}
	flipped := text[:len(text)-1] + map[bool]string{true: "B", false: "A"}[strings.HasSuffix(text, "A")]
	for name, open := range map[string]func() (string, error){
		"of another thing": func() (string, error) { return s.Open("hok_2", text) },
		"changed":          func() (string, error) { return s.Open("hok_1", flipped) },
		"cut":              func() (string, error) { return s.Open("hok_1", text[:12]) },
		"no base64":        func() (string, error) { return s.Open("hok_1", store.ShutMark+"!") },
	} {
		if got, err := open(); got != "" || !errors.Is(err, store.ErrShut) {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}
