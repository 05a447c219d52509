package artwork_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/paper/artwork"
)

const address = "https://base.example/v/7K3DM8QWXJ"

var made = time.Date(2021, 9, 15, 9, 0, 0, 0, calendar.Zone)

func some() artwork.Plaque {
	return artwork.Plaque{
		Width: 600, Height: 400, Title: "省级社会组织党建创新示范基地", Name: "松原省物流行业协会", Issuer: "中共松原省社会组织联合委员会", Date: "2021年9月",
		Number: "2021-001", Code: "7K3DM-8QWXJ", Address: address, Material: "钛金",
	}
}

// run runs a judge, which the tests need, and returns what it says.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	b, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v (make tools)", name, args, err)
	}
	return string(b)
}

func kept(t *testing.T, name string, b []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestPlaque: a workshop gets true size, bleed and trim, and no font; a phone reads the
// code from either file; the same words are the same bytes.
func TestPlaque(t *testing.T) {
	t.Parallel()
	d, err := some().Draw()
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.PDF("中共松原省社会组织联合委员会", made)
	file := kept(t, "plaque.pdf", b, err)
	if again, err := d.PDF("中共松原省社会组织联合委员会", made); err != nil || !bytes.Equal(b, again) {
		t.Error("the same drawing is not the same bytes", err)
	}
	run(t, "qpdf", "--check", file)
	if fonts := strings.Split(strings.TrimSpace(run(t, "pdffonts", file)), "\n"); len(fonts) > 2 {
		t.Errorf("needs fonts: %q", fonts)
	}
	info := run(t, "pdfinfo", "-box", file)
	for name, inset := range map[string]float64{"MediaBox": 0, "BleedBox": 9, "TrimBox": 12} {
		in := func(mm float64) string { return fmt.Sprintf("%.2f", mm*72/25.4) }
		want := strings.Join([]string{in(inset), in(inset), in(624 - inset), in(424 - inset)}, " ")
		if !strings.Contains(strings.Join(strings.Fields(info), " "), name+": "+want) {
			t.Errorf("%s is not %s:\n%s", name, want, info)
		}
	}
	root := strings.TrimSuffix(file, ".pdf")
	run(t, "pdftoppm", "-r", "40", "-singlefile", "-png", file, root)
	if got := strings.TrimSpace(run(t, "zbarimg", "-q", "--raw", root+".png")); got != address {
		t.Errorf("the drawing's code says %q", got)
	}
	b, err = d.PNG(1200, "钛金")
	if got := strings.TrimSpace(run(t, "zbarimg", "-q", "--raw", kept(t, "plaque.png", b, err))); got != address {
		t.Errorf("the picture's code says %q", got)
	}
}

// TestNames: long names and rare characters are set within bounds or refused with a
// sentence, never cut off and never left blank.
func TestNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("松原省𠮷㛃䶮现代物流与供应链金融行业促进协会", 14)
	for name, tt := range map[string]struct {
		change func(*artwork.Plaque)
		code   string
		says   string
	}{
		"300 characters":       {change: func(p *artwork.Plaque) { p.Name = string([]rune(long)[:300]) }},
		"300 on a small sheet": {change: func(p *artwork.Plaque) { p.Name, p.Width, p.Height = string([]rune(long)[:300]), 200, 140 }, code: "artwork.long", says: "单位名称有300字"},
		"a short one, small":   {change: func(p *artwork.Plaque) { p.Width, p.Height = 300, 200 }},
		"rare characters":      {change: func(p *artwork.Plaque) { p.Name = "𠮷㛃䶮商会" }},
		"no font has one":      {change: func(p *artwork.Plaque) { p.Name = "松原𒀀商会" }, code: "artwork.characters", says: "𒀀（U+12000）"},
		"marks of direction":   {change: func(p *artwork.Plaque) { p.Name = "松原\u202e商会\u200b" }},
		"a printed ground":     {change: func(p *artwork.Plaque) { p.Ground, p.Lines = "#FFF7E0", []string{"（第一批）"} }},
		"many issuers": {change: func(p *artwork.Plaque) {
			p.Issuer = "松原省农业农村厅、松原省发展和改革委员会、松原省财政厅、国家税务总局松原省税务局、松原省市场监督管理局"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := some()
			tt.change(&p)
			d, err := p.Draw()
			if tt.code != "" {
				if fault.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if outside := artwork.Outside(d); outside != "" {
				t.Error("outside its place: ", outside)
			}
		})
	}
}

// TestCertificate is text that a machine reads, in embedded fonts, with its code.
func TestCertificate(t *testing.T) {
	t.Parallel()
	c := artwork.Certificate{
		Title: "证书", Name: "松原省𠮷物流行业协会", Text: "根据松社联党发〔2021〕8号文件，命名你单位为“省级社会组织党建创新示范基地”，有效期自2021年9月15日至2024年9月15日。\n特发此证。",
		Issuer: "中共松原省社会组织联合委员会", Date: "2021年9月15日", Number: "2021-001", Code: "7K3DM-8QWXJ", Address: address,
	}
	d, err := c.Draw()
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.PDF(c.Issuer, made)
	file := kept(t, "certificate.pdf", b, err)
	run(t, "qpdf", "--check", file)
	text := run(t, "pdftotext", "-raw", file, "-")
	for _, want := range []string{"松原省𠮷物流行业协会", "松社联党发〔2021〕8号", "2021-001"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	root := strings.TrimSuffix(file, ".pdf")
	run(t, "pdftoppm", "-r", "80", "-singlefile", "-png", file, root)
	if got := strings.TrimSpace(run(t, "zbarimg", "-q", "--raw", root+".png")); got != address {
		t.Errorf("its code says %q", got)
	}
	c.Text = strings.Repeat("经会议审定，公示无异议，", 90)
	if _, err := c.Draw(); fault.CodeOf(err) != "artwork.long" {
		t.Errorf("a text of a thousand characters: %v", err)
	}
}
