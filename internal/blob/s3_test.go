package blob_test

import (
	"path/filepath"
	"testing"

	"shifan/internal/blob"
	"shifan/internal/testkit"
)

// TestS3 runs a real S3 gateway on a folder.
func TestS3(t *testing.T) {
	t.Parallel()
	s, g := testkit.S3(t, "files")
	grow := func(sum string) { aged(t, filepath.Join(g.Dir, "files", sum[:2], sum[2:])) }
	conforms(t, s, grow)
	if refused := meet(t, s, grow, 12); refused > 9 {
		t.Errorf("%d of 12 times it was not kept", refused)
	}
	if _, err := blob.Open(t.Context(), "s3://tester:only-for-tests@"+g.At+"/nothing?tls=off"); err == nil {
		t.Error("a bucket that is not there was opened")
	}
	if _, err := blob.Open(t.Context(), "s3://tester:wrong@"+g.At+"/evidence?tls=off"); err == nil {
		t.Error("a wrong secret was taken")
	}
}
