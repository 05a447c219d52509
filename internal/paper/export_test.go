package paper

import (
	"errors"
	"os"
	"os/exec"
	"testing"

	"shifan/internal/paper/font"
)

// Fonts returns the fonts that the program was built with. Without them the test
// is skipped, and fails where CI is set.
func Fonts(t *testing.T) *font.Set {
	t.Helper()
	s, err := font.Embedded()
	if errors.Is(err, font.ErrAbsent) && os.Getenv("CI") == "" {
		t.Skip("NOT TESTED without fonts: make assets")
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Judge runs a program that judges documents. Where it is not installed the test is
// skipped, and fails where CI is set.
func Judge(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "" {
		t.Skipf("NOT TESTED without %s: make tools", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// Alone lists the pages that show a signature and fewer than two lines of text.
func (p *Pages) Alone(signer string) (pages []int) {
	for i, s := range p.pages {
		signed, lines := false, map[float64]bool{}
		for _, r := range s.texts {
			l := line{glyphs: r.glyphs}
			if runes(l) == signer {
				signed = true
			}
			if r.part >= 0 && !signed {
				lines[r.y] = true
			}
		}
		if signed && len(lines) < 2 {
			pages = append(pages, i+1)
		}
	}
	return pages
}

// RedLine returns the red rules of the first page: where each begins and how wide
// it is, in mm.
func (p *Pages) RedLine() (all [][3]float64) {
	for _, b := range p.pages[0].boxes {
		if b.colour == red {
			all = append(all, [3]float64{b.x, b.y, b.wide})
		}
	}
	return all
}

// LastRule returns the lower edge of the lowest rule of the last page, in mm.
func (p *Pages) LastRule() (y float64) {
	for _, b := range p.pages[len(p.pages)-1].boxes {
		y = max(y, b.y+b.high/2)
	}
	return y
}
