package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	vc "shifan/internal/credential"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/programme/plate"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper/artwork"
)

var (
	errSheet = fault.Define(fault.Refused, "plaque.artwork.size",
		"牌匾的尺寸写的是“%s”，看不出宽和高，图样出不了。在方案的 plaque.size 里写成600×400毫米的样子，再补发。", "三 授牌确认")
	errAddress = fault.Define(fault.Refused, "plaque.artwork.address",
		"本站网址“%s”太长，29×29的二维码放不下。请管理员用 --plaque-url 给牌匾另设一个短的网址，指向本站。", "三 授牌确认")
	errNoCertificate = fault.Define(fault.Refused, "certificate.ended",
		"称号已不在有效或整改状态，不再出具证书。", "五(二) 撤销称号")
)

// previewWide is how many pixels wide the picture of a plaque is: enough for its code to
// be read from it.
const previewWide = 1500

// Artwork is what a workshop needs to make a plaque, and a picture of it.
type Artwork struct {
	Name string // of the files, without their endings

	drawing  *artwork.Drawing
	issuer   string
	ordered  time.Time
	material string
}

// PDF is the drawing in true size, for a workshop.
func (a Artwork) PDF() ([]byte, error) { return a.drawing.PDF(a.issuer, a.ordered) }

// PNG is the drawing as a screen shows it.
func (a Artwork) PNG() ([]byte, error) { return a.drawing.PNG(previewWide, a.material) }

// FitsPlaque refuses an address of the site that the code on plaques has no room for.
func FitsPlaque(base string) error {
	if vc.QRFits(base) != nil {
		return errAddress.New(base)
	}
	return nil
}

// VerifyQR draws the code of a plaque, of which anybody may have one.
func (d *Desk) VerifyQR(ctx context.Context, code, base string) (b []byte, err error) {
	defer fault.Wrap(&err, "casework.VerifyQR")
	if err := FitsPlaque(base); err != nil {
		return nil, err
	}
	if _, err := d.Verify(ctx, code); err != nil {
		return nil, err
	}
	return vc.QR(vc.QRText(base, code), 8)
}

// PlaqueArtwork draws a plaque for those who see the register, and for its holder. base is
// the address of the site that its code leads to.
func (d *Desk) PlaqueArtwork(ctx context.Context, by stage.Actor, key id.Plaque, base string) (a Artwork, err error) {
	defer fault.Wrap(&err, "casework.PlaqueArtwork(%s)", key)
	v, err := d.Plaque(ctx, by, key)
	if err != nil {
		return a, err
	}
	q := v.Plaque
	w, h, ok := plate.Sheet(q.Size)
	if !ok {
		return a, errSheet.New(q.Size)
	}
	if err := FitsPlaque(base); err != nil {
		return a, err
	}
	say := q.Words()
	drawing, err := artwork.Plaque{
		Width: float64(w), Height: float64(h), Title: say.Title, Name: say.Name, Lines: say.Lines, Issuer: say.Issuer, Date: say.Date, Number: q.Number,
		Code: plaque.Grouped(q.Code), Address: vc.QRText(base, q.Code), Material: q.Material, Ground: v.Title.Programme.Plaque.Ground,
	}.Draw()
	if err != nil {
		return a, err
	}
	return Artwork{Name: "牌匾 " + q.Number, drawing: drawing, issuer: say.Issuer, ordered: q.OrderedOn.Start(), material: q.Material}, nil
}

// Certificate makes the certificate of a title that is held, for the office and for its
// holder. base is the address of the site that its code leads to.
func (d *Desk) Certificate(ctx context.Context, by stage.Actor, key id.Designation, base string) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.Certificate(%s)", key)
	v, err := d.Designation(ctx, by, key)
	if err != nil {
		return p, err
	}
	t := v.Designation
	own := by.Role == stage.Applicant && by.Organisation == t.Organisation
	office := slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, by.Role) && (by.Programme == "" || by.Programme == t.Programme)
	switch {
	case !own && !office:
		return p, fault.Missing()
	case !v.Live():
		return p, errNoCertificate.New()
	}
	c := artwork.Certificate{
		Title: "证书", Name: t.Name, Text: plaque.Certificate(v.Programme, &t, v.Naming.DocNumber),
		Issuer: v.Programme.Issuer.Name, Date: calendar.Date.Chinese(t.NamedOn), Number: t.Number,
	}
	if q := v.Plaque(); q != nil && q.Code != "" && FitsPlaque(base) == nil {
		c.Code, c.Address = plaque.Grouped(q.Code), vc.QRText(base, q.Code)
	}
	drawing, err := c.Draw()
	if err != nil {
		return p, err
	}
	p.Name = "证书 " + t.Number
	p.PDF, err = drawing.PDF(c.Issuer, t.NamedOn.Start())
	return p, err
}
