package evidence

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // one of the kinds that are drawn
	"io"
	"strings"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"golang.org/x/image/draw"
)

// Drawing is a page of a file as a picture for the screen: a JPEG without anything
// else of the file.
type Drawing struct {
	JPEG          []byte
	Width, Height int
}

const (
	drawQuality = 80        // of the JPEG
	drawMost    = 160 << 20 // bytes of a picture unpacked, to be made smaller
)

// errNoDrawing says that a kind of file is not drawn.
var errNoDrawing = errors.New("evidence: not drawn")

// errTooLarge says that a picture takes more memory than drawing it is worth.
var errTooLarge = errors.New("evidence: too large to draw")

// IsUndrawn reports whether err says that files of this kind are not drawn.
func IsUndrawn(err error) bool { return errors.Is(err, errNoDrawing) }

// Draw draws the first pages of a PDF, or a picture the right way up, each on white and
// no side longer than so many points. Of a DOCX or XLSX, which nothing here lays out,
// it returns an error for which IsUndrawn is true.
func (x *Reader) Draw(ctx context.Context, k Kind, r File, size int64, pages, side int) (all []Drawing, err error) {
	if len(x.Apart) > 0 && (k == PDF || k == JPG || k == PNG) {
		a, err := x.elsewhere(ctx, question{Kind: k, Size: size, Draw: true, Pages: pages, Side: side}, r)
		return a.Drawings, err
	}
	switch k {
	case PDF:
		err = x.withPDF(ctx, r, size, func(i pdfium.Pdfium, doc pdfDocument) error {
			all, err = drawPDF(i, doc, pages, side)
			return err
		})
		return all, err
	case JPG, PNG:
		x.one.Lock() // it takes memory too
		defer x.one.Unlock()
		d, err := drawPicture(io.NewSectionReader(r, 0, size), k, side)
		return []Drawing{d}, err
	default:
		return nil, errNoDrawing
	}
}

func drawPDF(i pdfium.Pdfium, d pdfDocument, pages, side int) (all []Drawing, err error) {
	for n := range min(d.pages, pages) {
		p, err := i.RenderPageInPixels(&requests.RenderPageInPixels{Page: d.page(n), Width: side, Height: side})
		if err != nil {
			return nil, err
		}
		drawing, empty, err := onWhite(p.Result.RenderedImage)
		p.Cleanup()
		if err != nil {
			return nil, err
		}
		if empty {
			// Text in fonts that neither the file nor the reader brings is not drawn; an
			// empty page in its place would say something else.
			t, err := i.GetPageText(&requests.GetPageText{Page: d.page(n)})
			if err != nil {
				return nil, err
			}
			if strings.TrimSpace(t.Text) != "" {
				return nil, errNoFonts
			}
		}
		all = append(all, drawing)
	}
	return all, nil
}

// errNoFonts says that a PDF does not bring the fonts of its text.
var errNoFonts = errors.New("evidence: its fonts are not in it")

// onWhite packs a picture that is as large as it is wanted, and reports whether nothing
// is on it.
func onWhite(m image.Image) (d Drawing, empty bool, err error) {
	page := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy()))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(page, page.Bounds(), m, m.Bounds().Min, draw.Over)
	var b bytes.Buffer
	err = jpeg.Encode(&b, page, &jpeg.Options{Quality: drawQuality})
	empty = len(bytes.Trim(page.Pix, "\xff")) == 0
	return Drawing{JPEG: b.Bytes(), Width: page.Bounds().Dx(), Height: page.Bounds().Dy()}, empty, err
}

// drawPicture makes a picture smaller and turns it the way it was taken.
func drawPicture(r *io.SectionReader, k Kind, side int) (Drawing, error) {
	c, _, err := image.DecodeConfig(bufio.NewReader(r))
	if err != nil {
		return Drawing{}, err
	}
	if int64(c.Width)*int64(c.Height)*unpackedPoint(c.ColorModel) > drawMost {
		return Drawing{}, errTooLarge
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Drawing{}, err
	}
	m, _, err := image.Decode(bufio.NewReader(r))
	if err != nil {
		return Drawing{}, err
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	if longest := max(w, h); longest > side {
		w, h = max(1, w*side/longest), max(1, h*side/longest)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	if w == m.Bounds().Dx() {
		draw.Draw(small, small.Bounds(), m, m.Bounds().Min, draw.Src)
	} else {
		draw.BiLinear.Scale(small, small.Bounds(), m, m.Bounds(), draw.Src, nil)
	}
	d, _, err := onWhite(turned(small, orientationOf(r, k)))
	return d, err
}

// unpackedPoint is how many bytes a point of a picture takes when it is unpacked.
func unpackedPoint(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.YCbCrModel:
		return 3
	case color.NRGBA64Model, color.RGBA64Model:
		return 8
	}
	return 4
}

// turned turns and mirrors a picture as EXIF's orientation says: 1 is upright, 2 to 4
// keep its sides, 5 to 8 exchange them.
func turned(m *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return m
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			at := image.Point{}
			switch orientation {
			case 2:
				at = image.Pt(w-1-x, y)
			case 3:
				at = image.Pt(w-1-x, h-1-y)
			case 4:
				at = image.Pt(x, h-1-y)
			case 5:
				at = image.Pt(y, x)
			case 6:
				at = image.Pt(h-1-y, x)
			case 7:
				at = image.Pt(h-1-y, w-1-x)
			case 8:
				at = image.Pt(y, w-1-x)
			}
			to.SetRGBA(at.X, at.Y, m.RGBAAt(x, y))
		}
	}
	return to
}
