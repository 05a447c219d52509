package evidence_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shifan/internal/evidence"
	"shifan/internal/play"
)

// fakeScanner answers one connection as it is told, without reading to the end
// where that is the point.
func fakeScanner(t *testing.T, answer func(net.Conn)) evidence.Scanner {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // it was only for this
	go func() {
		c, err := l.Accept()
		if err == nil {
			answer(c)
			c.Close() //nolint:errcheck // it was only for this
		}
	}()
	return evidence.Scanner{Address: l.Addr().String(), Within: 2 * time.Second}
}

// TestScanFailsClosed: anything but the literal OK is no clean file (checklist 45).
func TestScanFailsClosed(t *testing.T) {
	t.Parallel()
	says := func(s string) func(net.Conn) {
		return func(c net.Conn) {
			b := make([]byte, 1<<20)
			for {
				n, err := c.Read(b)
				if err != nil || bytes.HasSuffix(b[:n], []byte{0, 0, 0, 0}) {
					break
				}
			}
			io.WriteString(c, s) //nolint:errcheck // the other side says what came
		}
	}
	for name, tt := range map[string]struct {
		answer func(net.Conn)
		virus  string
		fails  bool
	}{
		"clean":               {says("stream: OK\x00"), "", false},
		"a virus":             {says("stream: Eicar-Test-Signature FOUND\x00"), "Eicar-Test-Signature", false},
		"too large for it":    {says("INSTREAM size limit exceeded. ERROR\x00"), "", true},
		"OK with more":        {says("stream: OK, or not\x00"), "", true},
		"another OK":          {says("OK\x00"), "", true},
		"nothing":             {says(""), "", true},
		"it hangs up":         {func(net.Conn) {}, "", true},
		"it says it too soon": {func(c net.Conn) { io.WriteString(c, "stream: OK\x00"); c.(*net.TCPConn).SetLinger(0) }, "", true}, //nolint:errcheck // the other side says what came
		"it never answers":    {func(c net.Conn) { time.Sleep(3 * time.Second) }, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			virus, err := fakeScanner(t, tt.answer).Scan(t.Context(), bytes.NewReader(bytes.Repeat([]byte("x"), 8<<20)))
			if virus != tt.virus || (err != nil) != tt.fails || err != nil && !errors.Is(err, evidence.ErrScanner) {
				t.Errorf("%q %v", virus, err)
			}
		})
	}
	if _, err := (evidence.Scanner{Address: "127.0.0.1:1"}).Scan(t.Context(), strings.NewReader("x")); !errors.Is(err, evidence.ErrScanner) {
		t.Error(err)
	}
}

// TestClamd asks a real scanner with one signature of its own.
func TestClamd(t *testing.T) {
	t.Parallel()
	const clamd = "/usr/sbin/clamd"
	if _, err := os.Stat(clamd); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("clamd is not installed: run scripts/tools")
		}
		t.Skip("NOT TESTED with clamd: it is not installed: run scripts/tools")
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		at := filepath.Join(dir, name)
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return at
	}
	sick := play.Photo(66)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write("own.hdb", fmt.Sprintf("%x:%d:Shifan.Test\n", md5.Sum(sick), len(sick)))
	socket := filepath.Join(dir, "s")
	conf := write("clamd.conf", "Foreground yes\nLocalSocket "+socket+"\nDatabaseDirectory "+dir+"\nStreamMaxLength 1M\n")
	ctx, stop := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, clamd, "--config-file", conf)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		cmd.Wait() //nolint:errcheck // it was ended
	})
	s := evidence.Scanner{Address: socket}
	var virus string
	var err error
	for range 200 {
		if virus, err = s.Scan(t.Context(), bytes.NewReader(play.Photo(1))); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil || virus != "" {
		t.Fatalf("a clean file: %q %v", virus, err)
	}
	if virus, err = s.Scan(t.Context(), bytes.NewReader(sick)); err != nil || !strings.HasPrefix(virus, "Shifan.Test") {
		t.Errorf("the sick file: %q %v", virus, err)
	}
	if virus, err = s.Scan(t.Context(), bytes.NewReader(make([]byte, 3<<20))); err == nil {
		t.Errorf("a file larger than it takes: %q", virus)
	}
}
