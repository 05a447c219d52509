package scan

import (
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // what scanners and cameras make
	_ "image/png"  // the same
	"io"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// Page is a picture and what the code on it says; "" when none was read.
type Page struct {
	Code string
}

// ErrKind says that something is neither a PDF nor a picture that can be read.
var ErrKind = errors.New("scan: neither a PDF nor a JPEG or PNG picture")

// ErrMany says that a file has more pictures than anybody scans.
var ErrMany = errors.New("scan: too many pages or too large pictures")

const (
	pagesMost  = 200        // pages of a scan
	pixelsMost = 80_000_000 // of a picture: A3 at 600 dpi
)

// Read returns the pages of a file of some bytes.
func Read(r io.ReaderAt, size int64) ([]Page, error) {
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if bytes.Contains(head, []byte("%PDF-")) {
		return readPDF(r, size)
	}
	m, err := decode(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, err
	}
	return []Page{{Code: find(m)}}, nil
}

// decode reads a picture that is not too large.
func decode(r io.ReadSeeker) (image.Image, error) {
	c, _, err := image.DecodeConfig(r)
	if err != nil {
		return nil, ErrKind
	}
	if c.Width*c.Height > pixelsMost || c.Width <= 0 || c.Height <= 0 {
		return nil, ErrMany
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	m, _, err := image.Decode(r)
	if err != nil {
		return nil, ErrKind
	}
	return m, nil
}

// find looks for a code: where the print edition has it, where it is on a sheet
// that was scanned upside down or on its side, and anywhere.
func find(m image.Image) string {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	part := func(x0, y0, x1, y1 int) image.Rectangle {
		return image.Rect(b.Min.X+w*x0/100, b.Min.Y+h*y0/100, b.Min.X+w*x1/100, b.Min.Y+h*y1/100)
	}
	for _, where := range []image.Rectangle{
		part(0, 80, 45, 100), part(55, 0, 100, 20), part(0, 0, 22, 45), part(78, 55, 100, 100), b,
	} {
		if s := decodeIn(m, where); s != "" {
			return s
		}
	}
	return ""
}

// sideMost is how many pixels wide and high a part is looked at: finer scans say
// nothing more about a code.
const sideMost = 1600

func decodeIn(m image.Image, where image.Rectangle) string {
	step := max(1, (max(where.Dx(), where.Dy())+sideMost-1)/sideMost)
	g := shrink(m, where, step)
	source := gozxing.NewLuminanceSourceFromImage(g)
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true, gozxing.DecodeHintType_POSSIBLE_FORMATS: []gozxing.BarcodeFormat{gozxing.BarcodeFormat_QR_CODE}}
	for _, binary := range []gozxing.Binarizer{gozxing.NewHybridBinarizer(source), gozxing.NewGlobalHistgramBinarizer(source)} {
		bits, err := gozxing.NewBinaryBitmap(binary)
		if err != nil {
			continue
		}
		if r, err := qrcode.NewQRCodeReader().Decode(bits, hints); err == nil {
			return r.GetText()
		}
	}
	return ""
}

// shrink copies a part of a picture in grey, each pixel the mean of step × step.
func shrink(m image.Image, where image.Rectangle, step int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, max(1, where.Dx()/step), max(1, where.Dy()/step)))
	grey := greyOf(m)
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			sum := 0
			for j := range step {
				for i := range step {
					sum += grey(where.Min.X+x*step+i, where.Min.Y+y*step+j)
				}
			}
			g.Pix[y*g.Stride+x] = byte(sum / (step * step))
		}
	}
	return g
}

// greyOf returns how bright a pixel is, 0 to 255.
func greyOf(m image.Image) func(x, y int) int {
	switch m := m.(type) {
	case *image.Gray:
		return func(x, y int) int { return int(m.GrayAt(x, y).Y) }
	case *image.YCbCr:
		return func(x, y int) int { return int(m.Y[m.YOffset(x, y)]) }
	}
	return func(x, y int) int {
		r, g, b, _ := m.At(x, y).RGBA()
		return int((299*r + 587*g + 114*b) / 1000 >> 8)
	}
}
