package testkit

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

// Gateway is a real S3 gateway on a folder, with one bucket.
type Gateway struct {
	At  string // its host and port
	Dir string // where the objects of the bucket are files
}

// Address is the address of a store under a prefix in the bucket.
func (g Gateway) Address(prefix string) string {
	return "s3://tester:only-for-tests@" + g.At + "/evidence/" + prefix + "?tls=off&region=us-east-1"
}

// S3 starts a gateway, which ends with the test, and opens a store in it.
func S3(t testing.TB, prefix string) (blob.Store, Gateway) {
	t.Helper()
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
	g := Gateway{At: l.Addr().String(), Dir: filepath.Join(dir, "data", "evidence")}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), bin, "--access", "tester", "--secret", "only-for-tests", "--port", g.At, "posix", "--sidecar", filepath.Join(dir, "iam"), filepath.Join(dir, "data"))
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
	for range 100 {
		var s blob.Store
		if s, err = blob.Open(t.Context(), g.Address(prefix)); err == nil {
			return s, g
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(filepath.Join(dir, "log")) //nolint:errcheck // only to explain
	t.Fatalf("%v\n%s", err, text)
	return nil, g
}
