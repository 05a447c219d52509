package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Layout is where everything of a PDF stands. Lengths are in mm, from the upper left
// corner of a page.
type Layout struct {
	Sheets []Sheet
	Loose  []string // fonts that it names and does not bring, each once
	Drawn  int      // fonts made of drawings (Type 3), whose text is no text to others
}

// Sheet is one page.
type Sheet struct {
	Width, Height float64
	Glyphs        []Glyph
	Strokes       []Stroke
}

// Glyph is a character at its place: Y is the line that it stands on.
type Glyph struct {
	Rune rune
	X, Y float64
	Size float64 // points
	Font string
	Red  bool
}

// Stroke is the box of something drawn: of a rule mostly.
type Stroke struct {
	X, Y, Wide, High float64
	Red              bool
}

const (
	measuredPages = 60    // pages of one PDF that are measured
	measuredMost  = 60000 // characters and strokes of one PDF that are measured
)

// ErrLocked says that a PDF cannot be read without its password.
var ErrLocked = errors.New("evidence: locked by a password")

const mmPerPoint = 25.4 / 72

// Measure reads where everything of a PDF stands, of its first pages.
func (x *Reader) Measure(ctx context.Context, r File, size int64) (l Layout, err error) {
	if l.Loose, l.Drawn, err = fontsOf(r, size); err != nil {
		return l, err
	}
	err = x.withPDF(ctx, r, size, func(i pdfium.Pdfium, d pdfDocument) error {
		left := measuredMost
		for n := range min(d.pages, measuredPages) {
			m := measurer{i: i, page: d.page(n), left: &left}
			if err := m.sheet(d, n); err != nil {
				return err
			}
			l.Sheets = append(l.Sheets, m.to)
		}
		return nil
	})
	if errors.Is(err, pdfiumerrors.ErrPassword) {
		err = ErrLocked
	}
	if err == nil && !slices.ContainsFunc(l.Sheets, func(s Sheet) bool { return len(s.Glyphs) > 0 }) {
		err = errNoText
	}
	return l, err
}

// measurer measures one page.
type measurer struct {
	i    pdfium.Pdfium
	page requests.Page
	left *int
	to   Sheet
}

func (m *measurer) sheet(d pdfDocument, n int) error {
	s, err := m.i.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: d.document.Document, Index: n})
	if err != nil {
		return err
	}
	m.to.Width, m.to.Height = s.Width*mmPerPoint, s.Height*mmPerPoint
	return errors.Join(m.text(), m.strokes())
}

func (m *measurer) text() error {
	t, err := m.i.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: m.page})
	if err != nil {
		return err
	}
	defer m.i.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: t.TextPage}) //nolint:errcheck // the sandbox goes
	count, err := m.i.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: t.TextPage})
	if err != nil {
		return err
	}
	for k := 0; k < count.Count && *m.left > 0; k++ {
		*m.left--
		u, err := m.i.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: t.TextPage, Index: k})
		if err != nil {
			return err
		}
		r := rune(u.Unicode)
		if r <= ' ' || r == 0xfffe || r == 0xa0 {
			continue
		}
		g, err := m.glyph(t.TextPage, k)
		if err != nil {
			return err
		}
		g.Rune = r
		m.to.Glyphs = append(m.to.Glyphs, g)
	}
	return nil
}

func (m *measurer) glyph(t references.FPDF_TEXTPAGE, k int) (g Glyph, err error) {
	at, err := m.i.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: t, Index: k})
	if err != nil {
		return g, err
	}
	size, err := m.i.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: t, Index: k})
	if err != nil {
		return g, err
	}
	g = Glyph{X: at.X * mmPerPoint, Y: m.to.Height - at.Y*mmPerPoint, Size: size.FontSize}
	if w, err := m.i.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: t, Index: k}); err == nil {
		if scale := math.Hypot(float64(w.Matrix.C), float64(w.Matrix.D)); scale > 0 {
			g.Size *= scale
		}
	}
	if f, err := m.i.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: t, Index: k}); err == nil {
		g.Font = f.FontName
	}
	if c, err := m.i.FPDFText_GetFillColor(&requests.FPDFText_GetFillColor{TextPage: t, Index: k}); err == nil {
		g.Red = reddish(c.R, c.G, c.B)
	}
	return g, nil
}

func reddish(r, g, b uint) bool { return r > 140 && g < 90 && b < 90 }

func (m *measurer) strokes() error {
	count, err := m.i.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: m.page})
	if err != nil {
		return err
	}
	for k := 0; k < count.Count && *m.left > 0; k++ {
		o, err := m.i.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: m.page, Index: k})
		if err != nil {
			return err
		}
		kind, err := m.i.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o.PageObject})
		if err != nil {
			return err
		}
		if kind.Type != enums.FPDF_PAGEOBJ_PATH {
			continue
		}
		*m.left--
		b, err := m.i.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o.PageObject})
		if err != nil {
			return err
		}
		s := Stroke{X: float64(b.Left) * mmPerPoint, Y: m.to.Height - float64(b.Top)*mmPerPoint, Wide: float64(b.Right-b.Left) * mmPerPoint, High: float64(b.Top-b.Bottom) * mmPerPoint}
		s.Red = m.red(o.PageObject)
		m.to.Strokes = append(m.to.Strokes, s)
	}
	return nil
}

// red reports whether something drawn is red: its line, where it has one, or its filling.
func (m *measurer) red(o references.FPDF_PAGEOBJECT) bool {
	var c structs.FPDF_COLOR
	mode, err := m.i.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: o})
	if err == nil && mode.Stroke {
		if line, err := m.i.FPDFPageObj_GetStrokeColor(&requests.FPDFPageObj_GetStrokeColor{PageObject: o}); err == nil {
			c = line.StrokeColor
		}
	} else if fill, err := m.i.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: o}); err == nil {
		c = fill.FillColor
	}
	return reddish(c.R, c.G, c.B)
}

// fontsOf lists the fonts that a PDF names and does not bring, and counts those made of
// drawings.
func fontsOf(r File, size int64) (loose []string, drawn int, err error) {
	onePDF.Lock()
	defer onePDF.Unlock()
	defer func() {
		if p := recover(); p != nil { // a parser that a file gets to panic
			err = fmt.Errorf("evidence: a PDF that cannot be read: %v", p)
		}
	}()
	noFolder()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode, conf.Offline = model.ValidationRelaxed, true
	c, err := api.ReadContext(io.NewSectionReader(r, 0, size), conf)
	if errors.Is(err, pdfcpu.ErrWrongPassword) {
		return nil, 0, ErrLocked
	}
	if err != nil {
		return nil, 0, err
	}
	for _, e := range c.Table {
		d, ok := e.Object.(types.Dict)
		if !ok {
			continue
		}
		name := func(key string) string {
			if n := d.NameEntry(key); n != nil {
				return *n
			}
			return ""
		}
		_, described := d.Find("FontDescriptor")
		switch {
		case name("Type") == "FontDescriptor" && d["FontFile"] == nil && d["FontFile2"] == nil && d["FontFile3"] == nil:
			loose = append(loose, name("FontName"))
		case name("Type") != "Font":
		case name("Subtype") == "Type3":
			drawn++
		case (name("Subtype") == "Type1" || name("Subtype") == "TrueType") && !described:
			loose = append(loose, name("BaseFont"))
		}
	}
	slices.Sort(loose)
	return slices.Compact(loose), drawn, nil
}
