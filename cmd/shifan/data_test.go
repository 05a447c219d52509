package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A folder serves one purpose for ever.
func TestClaim(t *testing.T) {
	t.Parallel()
	unmarked := filepath.Join(t.TempDir(), "old")
	if err := os.MkdirAll(unmarked, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(unmarked, "shifan.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		dir      string
		purposes []string
		want     error
	}{
		{"serve twice", filepath.Join(t.TempDir(), "a"), []string{realData, realData}, nil},
		{"demo twice", filepath.Join(t.TempDir(), "b"), []string{demoData, demoData}, nil},
		{"demo on real data", filepath.Join(t.TempDir(), "c"), []string{realData, demoData}, errRealHere},
		{"serve on a demonstration", filepath.Join(t.TempDir(), "d"), []string{demoData, realData}, errDemoHere},
		{"demo on a database without a mark", unmarked, []string{demoData}, errRealHere},
	} {
		var err error
		for _, p := range tt.purposes {
			err = (&data{dir: tt.dir}).claim(p)
		}
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}
