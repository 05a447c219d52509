package id_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"shifan/internal/id"
)

func TestNew(t *testing.T) {
	a, b := id.New[id.Visit](rand.Reader), id.New[id.Visit](rand.Reader)
	if a == b || len(a) != 20 || !strings.HasPrefix(string(a), "vis_") {
		t.Errorf("got %q and %q, want two different vis_ identifiers of 20 signs", a, b)
	}
	defer func() {
		if recover() == nil {
			t.Error("a programme's identifier is its slug and is never made up")
		}
	}()
	id.New[id.Programme](rand.Reader)
}
