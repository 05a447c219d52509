package font_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"testing"

	"shifan/internal/paper/font"
)

func embedded(t *testing.T) *font.Set {
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

func TestGlyphs(t *testing.T) {
	t.Parallel()
	s := embedded(t)
	serif := s.Of(font.Song)
	for _, r := range "党建示范，。〔〕—1A" {
		if _, ok := serif.Glyph(r); !ok {
			t.Errorf("%s has no %c", serif.Name, r)
		}
	}
	if w := serif.Width('党'); w != 1000 {
		t.Errorf("党 is %v wide", w)
	}
	if w := serif.Width('1'); w < 400 || w > 700 {
		t.Errorf("1 is %v wide", w)
	}
	if _, ok := serif.Glyph(0x20BB7); ok {
		t.Error("𠮷 is said to be there: then the test of what helps out says nothing")
	}
	if f := s.For(font.Song, 0x20BB7); f != s.Of(font.Kai) {
		t.Errorf("𠮷 comes from %v", f)
	}
	if f := s.For(font.Song, 0xE123); f != nil {
		t.Errorf("a character of nobody comes from %s", f.Name)
	}
}

// TestSubset wants two characters that look alike to stay two, and the same bytes
// from the same characters.
func TestSubset(t *testing.T) {
	t.Parallel()
	s := embedded(t)
	var files [2][]byte
	for i := range files {
		c := s.Of(font.Song).NewSubset()
		seen := map[uint16]rune{}
		for _, r := range "示范示⽰创建" { // ⽰ is the radical, with the same outline
			n, ok := c.Use(r)
			if !ok {
				t.Fatalf("no %c", r)
			}
			if c.Sign(n) != r || seen[n] != 0 && seen[n] != r {
				t.Errorf("%c became %c", r, c.Sign(n))
			}
			seen[n] = r
		}
		if _, ok := c.Use(0xE123); ok {
			t.Error("a character of nobody was used")
		}
		b, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if files[i] = b; len(b) > 20_000 {
			t.Errorf("five characters take %d bytes", len(b))
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same characters give other bytes")
	}
}

// TestBadFonts reads damaged fonts: each is refused, or read without a panic.
func TestBadFonts(t *testing.T) {
	t.Parallel()
	embedded(t)
	whole, err := os.ReadFile("assets/sans-bold.ttf")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 4, 11, 12, 100, 300, 5000, len(whole) / 2} {
		if _, err := font.Read(bytes.NewReader(whole[:n])); err == nil && n < 5000 {
			t.Errorf("%d bytes are taken for a font", n)
		}
	}
	if _, err := font.Read(bytes.NewReader([]byte("OTTO" + string(whole[4:400])))); err == nil {
		t.Error("a font of other outlines is read")
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		bad := bytes.Clone(whole)
		for range 20 {
			bad[rnd.IntN(400)] = byte(rnd.IntN(256))
		}
		f, err := font.Read(bytes.NewReader(bad))
		if err != nil {
			continue
		}
		c := f.NewSubset()
		c.Use('党')
		_, _ = c.Bytes() // an error is an answer too
	}
}

func TestFontsAbsent(t *testing.T) {
	t.Parallel()
	if _, err := font.Open(os.DirFS(t.TempDir())); !errors.Is(err, font.ErrAbsent) {
		t.Errorf("got %v", err)
	}
}
