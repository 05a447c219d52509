package credential

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestQR: zbarimg reads the address back, and one that needs a finer code is refused.
func TestQR(t *testing.T) {
	t.Parallel()
	want := QRText("https://sfjd.mzt.jl.gov.cn/", "7K3DM8QWXJ")
	if want != "https://sfjd.mzt.jl.gov.cn/v/7K3DM8QWXJ" {
		t.Fatal(want)
	}
	file := filepath.Join(t.TempDir(), "qr.png")
	if err := os.WriteFile(file, must(QR(want, 8)), 0o600); err != nil {
		t.Fatal(err)
	}
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Fatal("zbarimg is missing: make tools")
	}
	out, err := exec.Command(zbar, "--quiet", "--raw", file).Output()
	if err != nil || strings.TrimSpace(string(out)) != want {
		t.Errorf("zbarimg reads %q, %v", out, err)
	}
	if _, err := QR(QRText("https://"+strings.Repeat("a", 21), "7K3DM8QWXJ"), 8); err != nil {
		t.Error("42 bytes must fit: ", err)
	}
	if _, err := QR(QRText("https://"+strings.Repeat("a", 22), "7K3DM8QWXJ"), 8); !errors.Is(err, errQR) {
		t.Errorf("43 bytes: %v", err)
	}
}
