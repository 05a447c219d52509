package evidence_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"shifan/internal/evidence"
	"shifan/internal/paper/font"
	"shifan/internal/play"
)

// by runs a tool that judges or makes files.
func by(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: scripts/tools installs it (%v)", name, err)
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v %s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func drawn(t *testing.T, k evidence.Kind, b []byte, pages, side int) ([]evidence.Drawing, error) {
	t.Helper()
	return reader.Draw(t.Context(), k, bytes.NewReader(b), int64(len(b)), pages, side)
}

// seen unpacks a drawing.
func seen(t *testing.T, d evidence.Drawing) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(d.JPEG))
	if err != nil || m.Bounds().Dx() != d.Width || m.Bounds().Dy() != d.Height {
		t.Fatalf("%v, %d×%d", err, d.Width, d.Height)
	}
	return m
}

// marked is a picture of 40×20 points, blue, with a red corner at the top left.
func marked() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			m.Set(x, y, color.RGBA{0, 0, 255, 255})
			if x < 16 && y < 8 {
				m.Set(x, y, color.RGBA{255, 0, 0, 255})
			}
		}
	}
	return m
}

// redCorner says in which corner of a picture the red is.
func redCorner(m image.Image) string {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	var at []string
	for name, p := range map[string]image.Point{"top left": {2, 2}, "top right": {w - 3, 2}, "bottom left": {2, h - 3}, "bottom right": {w - 3, h - 3}} {
		if r, _, b, _ := m.At(p.X, p.Y).RGBA(); r > 0x8000 && b < 0x8000 {
			at = append(at, name)
		}
	}
	return strings.Join(at, ", ")
}

// TestDrawPictures: a photograph stands upright however the camera was held, is no
// larger than wanted, and what shines through is white. exiftool writes the
// orientations.
func TestDrawPictures(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, marked(), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for orientation, want := range map[int]string{1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left", 5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left"} {
		at := filepath.Join(dir, fmt.Sprintf("%d.jpg", orientation))
		if err := os.WriteFile(at, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		by(t, "exiftool", "-q", "-overwrite_original", fmt.Sprintf("-Orientation#=%d", orientation), at)
		taken, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		all, err := drawn(t, evidence.JPG, taken, 3, 1200)
		if err != nil || len(all) != 1 {
			t.Fatal(len(all), err)
		}
		m := seen(t, all[0])
		if got := redCorner(m); got != want || (orientation >= 5) != (all[0].Width == 20) {
			t.Errorf("orientation %d: the red is at %s of %d×%d, want %s", orientation, got, all[0].Width, all[0].Height, want)
		}
	}
	large := image.NewNRGBA(image.Rect(0, 0, 3000, 1500)) // transparent
	var p bytes.Buffer
	if err := png.Encode(&p, large); err != nil {
		t.Fatal(err)
	}
	all, err := drawn(t, evidence.PNG, p.Bytes(), 3, 1200)
	if err != nil || len(all) != 1 || all[0].Width != 1200 || all[0].Height != 600 {
		t.Fatalf("%+v %v", all, err)
	}
	if r, g, b, _ := seen(t, all[0]).At(600, 300).RGBA(); min(r, g, b) < 0xfa00 {
		t.Errorf("what shines through is %x %x %x", r, g, b)
	}
	if _, err := drawn(t, evidence.PNG, p.Bytes()[:200], 3, 1200); err == nil {
		t.Error("half a picture was drawn")
	}
	if _, err := drawn(t, evidence.DOCX, office("docx"), 3, 1200); !evidence.IsUndrawn(err) {
		t.Error(err)
	}
}

// columns counts what stands side by side, apart, in the lines of a picture from one
// height to another.
func columns(m image.Image, from, to int) (n int) {
	was := false
	for x := range m.Bounds().Dx() {
		is := false
		for y := from; y < to; y++ {
			if r, _, _, _ := m.At(x, y).RGBA(); r < 0x8000 {
				is = true
			}
		}
		if is && !was {
			n++
		}
		was = is
	}
	return n
}

// TestDrawPDF: the first pages are drawn as poppler draws them; one whose text is in
// fonts that it does not bring is not drawn empty.
func TestDrawPDF(t *testing.T) {
	t.Parallel()
	text := "BT /F1 40 Tf 60 700 Td (Shifan 2021) Tj ET 0 0 1 rg 60 400 200 120 re f"
	pdf := onePage("", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", stream("", text))
	pdf = bytes.Replace(pdf, []byte("/Resources << >> >>"), []byte("/Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>"), 1)
	all, err := drawn(t, evidence.PDF, pdf, 3, 600)
	if err != nil || len(all) != 1 || all[0].Height != 600 || all[0].Width != 424 {
		t.Fatalf("%+v %v", len(all), err)
	}
	at := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(at, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	by(t, "pdftoppm", "-png", "-singlefile", "-scale-to-x", "424", "-scale-to-y", "600", at, strings.TrimSuffix(at, ".pdf"))
	f, err := os.Open(strings.TrimSuffix(at, "pdf") + "png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	judge, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	ours, differ := seen(t, all[0]), 0
	for y := range 600 {
		for x := range 424 {
			a, _, _, _ := ours.At(x, y).RGBA()
			b, _, _, _ := judge.At(x, y).RGBA()
			if max(a, b)-min(a, b) > 0x8000 {
				differ++
			}
		}
	}
	if differ > 424*600/100 {
		t.Errorf("%d points differ from poppler's", differ)
	}
	if _, err := drawn(t, evidence.PDF, play.PDF("章程"), 3, 600); err == nil {
		t.Error("a page without its fonts was drawn empty")
	}
	offices := &evidence.Reader{Cache: evidence.UserCache(), Fonts: font.StandIn()}
	for _, name := range []string{"SimSun", "FangSong_GB2312"} { // as programs of offices name them and do not bring them
		named := bytes.ReplaceAll(play.PDF("章程", strings.Repeat("口", 30)), []byte("STSong-Light"), []byte(name))
		all, err := offices.Draw(t.Context(), evidence.PDF, bytes.NewReader(named), int64(len(named)), 1, 842)
		if err != nil || len(all) != 1 {
			t.Fatalf("%s: %v (make assets brings the fonts)", name, err)
		}
		if signs := columns(seen(t, all[0]), 100, 140); signs < 28 {
			t.Errorf("%s: %d of 30 signs are seen", name, signs)
		}
	}
	if all, err := drawn(t, evidence.PDF, onePage(""), 3, 600); err != nil || len(all) != 1 {
		t.Error("an empty page:", len(all), err)
	}
}
