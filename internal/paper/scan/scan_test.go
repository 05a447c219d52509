package scan_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	qrcode "github.com/skip2/go-qrcode"

	"shifan/internal/paper/scan"
)

const dpi = 150

var code = "SHIFAN:2026-018:" + strings.Repeat("9F2C11E0", 4) + ":2/12"

func px(mm float64) int { return int(math.Round(mm * dpi / 25.4)) }

// sheet is a scanned page with a code at its foot, some dirt, and a little crooked.
func sheet(t *testing.T, words string) *image.Gray {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, px(210), px(297)))
	draw.Draw(m, m.Rect, image.NewUniform(color.Gray{Y: 244}), image.Point{}, draw.Src)
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 4000 { // lines of text, more or less
		x, y := px(28)+rnd.IntN(px(156)), px(37)+rnd.IntN(px(220))
		draw.Draw(m, image.Rect(x, y, x+8, y+2), image.Black, image.Point{}, draw.Src)
	}
	if words == "" {
		return m
	}
	q, err := qrcode.New(words, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	q.DisableBorder = true
	bits := q.Bitmap()
	side, n := px(20), len(bits)
	at := func(x, y float64) int { // dark or not, the sheet turned by about one degree
		u, v := int(math.Floor((x+y*0.02)*float64(n)/float64(side))), int(math.Floor((y-x*0.02)*float64(n)/float64(side)))
		if u >= 0 && v >= 0 && u < n && v < n && bits[v][u] {
			return 1
		}
		return 0
	}
	for y := range side + 8 {
		for x := range side + 8 {
			dark := 0
			for k := range 16 { // as a lens sees it
				dark += at(float64(x)-4+float64(k%4)/4, float64(y)-4+float64(k/4)/4)
			}
			m.SetGray(px(28)+x-4, px(266)+y-4, color.Gray{Y: byte(244 - dark*200/16 - rnd.IntN(20))})
		}
	}
	return m
}

func turned(m *image.Gray, quarters int) *image.Gray {
	for range quarters {
		b := m.Rect
		r := image.NewGray(image.Rect(0, 0, b.Dy(), b.Dx()))
		for y := range b.Dy() {
			for x := range b.Dx() {
				r.SetGray(b.Dy()-1-y, x, m.GrayAt(x, y))
			}
		}
		m = r
	}
	return m
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pdf is a file as scanners write them: one picture a page.
func pdf(dict string, pages ...[]byte) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	for i, p := range pages {
		fmt.Fprintf(&b, "%d 0 obj\n<</Type/XObject/Subtype/Image%s/Length %d 0 R>>\nstream\n%s\nendstream\nendobj\n", 3*i+1, dict, 3*i+2, p)
		fmt.Fprintf(&b, "%d 0 obj\n%d\nendobj\n%d 0 obj\n<</Length 3>>\nstream\nq Q\nendstream\nendobj\n", 3*i+2, len(p), 3*i+3)
	}
	return b.Bytes()
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	z.Write(b) //nolint:errcheck // to memory
	z.Close()  //nolint:errcheck // the same
	return out.Bytes()
}

// rows are the samples of a page, each row behind a filter of PNG.
func rows(m *image.Gray, filter byte) (all []byte) {
	w := m.Rect.Dx()
	above := make([]byte, w)
	for y := range m.Rect.Dy() {
		line := m.Pix[y*m.Stride : y*m.Stride+w]
		all = append(all, filter)
		for x := range w {
			switch {
			case filter == 2:
				all = append(all, line[x]-above[x])
			case filter == 1 && x > 0:
				all = append(all, line[x]-line[x-1])
			default:
				all = append(all, line[x])
			}
		}
		above = line
	}
	return all
}

// bilevel is a page in black and white, eight pixels a byte.
func bilevel(m *image.Gray) (all []byte) {
	for y := range m.Rect.Dy() {
		for x := 0; x < m.Rect.Dx(); x += 8 {
			var b byte
			for k := range 8 {
				if x+k < m.Rect.Dx() && m.GrayAt(x+k, y).Y > 128 {
					b |= 1 << (7 - k)
				}
			}
			all = append(all, b)
		}
	}
	return all
}

// TestRead reads the code off what scanners and cameras make.
func TestRead(t *testing.T) {
	t.Parallel()
	m := sheet(t, code)
	size := fmt.Sprintf("/Width %d/Height %d", m.Rect.Dx(), m.Rect.Dy())
	colour := image.NewRGBA(m.Rect)
	draw.Draw(colour, m.Rect, m, image.Point{}, draw.Src)
	blank := asJPEG(t, sheet(t, ""))
	for name, row := range map[string]struct {
		file []byte
		want []string
	}{
		"a JPEG":                  {asJPEG(t, m), []string{code}},
		"a JPEG in colour":        {asJPEG(t, colour), []string{code}},
		"a PNG":                   {asPNG(t, m), []string{code}},
		"upside down":             {asJPEG(t, turned(m, 2)), []string{code}},
		"on its side":             {asJPEG(t, turned(m, 1)), []string{code}},
		"on its other side":       {asJPEG(t, turned(m, 3)), []string{code}},
		"no code":                 {blank, []string{""}},
		"a PDF of JPEGs":          {pdf(size+"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", asJPEG(t, m), blank, asJPEG(t, m)), []string{code, "", code}},
		"filters in a list":       {pdf(size+"/BitsPerComponent 8/Filter [ /FlateDecode /DCTDecode ]", deflate(asJPEG(t, m))), []string{code}},
		"samples":                 {pdf(size+"/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode", deflate(m.Pix)), []string{code}},
		"samples behind filter 2": {pdf(size+fmt.Sprintf("/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 1/Columns %d>>", m.Rect.Dx()), deflate(rows(m, 2))), []string{code}},
		"samples behind filter 1": {pdf(size+fmt.Sprintf("/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<</Predictor 11/Colors 1/Columns %d>>", m.Rect.Dx()), deflate(rows(m, 1))), []string{code}},
		"black and white":         {pdf(size+"/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/FlateDecode", deflate(bilevel(m))), []string{code}},
		"of a kind not read":      {pdf(size+"/Filter/JBIG2Decode", []byte("x")), []string{""}},
		"a picture too small":     {pdf("/Width 20/Height 20/Filter/DCTDecode", blank), nil},
		"no picture":              {[]byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj"), nil},
		"cut off":                 {pdf(size+"/Filter/DCTDecode", asJPEG(t, m)[:5000]), []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pages, err := scan.Read(bytes.NewReader(row.file), int64(len(row.file)))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range pages {
				got = append(got, p.Code)
			}
			if fmt.Sprint(got) != fmt.Sprint(row.want) || len(got) != len(row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// TestRefused: what is no scan is refused, and nothing makes it panic or eat memory.
func TestRefused(t *testing.T) {
	t.Parallel()
	huge := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	copy(huge[16:24], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // says 65536 × 65536
	for name, row := range map[string]struct {
		file []byte
		want error
	}{
		"empty":          {nil, scan.ErrKind},
		"text":           {[]byte("GIF89a or whatever"), scan.ErrKind},
		"a flood":        {huge, scan.ErrKind}, // its checksum is wrong too
		"pages no end":   {pdf("/Width 900/Height 900/Filter/JBIG2Decode", make([][]byte, 300)...), scan.ErrMany},
		"a vast picture": {pdf("/Width 90000/Height 90000/Filter/FlateDecode", []byte("x")), scan.ErrMany},
	} {
		if _, err := scan.Read(bytes.NewReader(row.file), int64(len(row.file))); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
	m := pdf("/Width 1240/Height 1754/BitsPerComponent 8/Filter/DCTDecode", asJPEG(t, sheet(t, code)))
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		bad := bytes.Clone(m)
		for range 30 {
			bad[10+rnd.IntN(600)] = byte(rnd.IntN(256))
		}
		_, _ = scan.Read(bytes.NewReader(bad), int64(len(bad))) // an answer of any kind
	}
}
