package blob_test

import (
	"go/build"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"shifan/internal/blob"
)

// TestS3 runs a real S3 gateway on a folder.
func TestS3(t *testing.T) {
	t.Parallel()
	bin, err := exec.LookPath("versitygw")
	if err != nil {
		bin, err = exec.LookPath(filepath.Join(build.Default.GOPATH, "bin", "versitygw"))
	}
	if err != nil {
		t.Fatalf("versitygw is missing: scripts/tools installs it (%v)", err)
	}
	dir := t.TempDir()
	for _, d := range []string{"data/evidence", "iam"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), bin, "--access", "tester", "--secret", "only-for-tests", "--port", at, "posix", "--sidecar", filepath.Join(dir, "iam"), filepath.Join(dir, "data"))
	out, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Wait() //nolint:errcheck // its context has ended it
	})
	var s blob.Store
	for range 100 {
		if s, err = blob.Open(t.Context(), "s3://tester:only-for-tests@"+at+"/evidence/files?tls=off&region=us-east-1"); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		text, _ := os.ReadFile(filepath.Join(dir, "log")) //nolint:errcheck // only to explain
		t.Fatalf("%v\n%s", err, text)
	}
	grow := func(sum string) { aged(t, filepath.Join(dir, "data", "evidence", "files", sum[:2], sum[2:])) }
	conforms(t, s, grow)
	if refused := meet(t, s, grow, 12); refused > 9 {
		t.Errorf("%d of 12 times it was not kept", refused)
	}
	if _, err := blob.Open(t.Context(), "s3://tester:only-for-tests@"+at+"/nothing?tls=off"); err == nil {
		t.Error("a bucket that is not there was opened")
	}
	if _, err := blob.Open(t.Context(), "s3://tester:wrong@"+at+"/evidence?tls=off"); err == nil {
		t.Error("a wrong secret was taken")
	}
}
