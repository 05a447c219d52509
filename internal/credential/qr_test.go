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
	for _, base := range []string{"https://" + strings.Repeat("a", 22), "https://" + strings.Repeat("a", 40), "http://a.cn", "http://127.0.0.1:8080"} {
		text := QRText(base, "7K3DM8QWXJ")
		dark, err := QRModulesOf(text)
		if err != nil || len(dark) != QRModules || !strings.EqualFold(text, base+"/v/7K3DM8QWXJ") {
			t.Errorf("%s: %d modules, %q, %v", base, len(dark), text, err)
		}
	}
	for _, base := range []string{"https://" + strings.Repeat("a", 41), "https://www.minzheng.example.gov.cn/shifan", "https://" + strings.Repeat("a_", 18)} {
		if err := QRFits(base); !errors.Is(err, ErrQR) {
			t.Errorf("%s: %v", base, err)
		}
	}
}
