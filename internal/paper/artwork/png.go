package artwork

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"golang.org/x/image/vector"

	"shifan/internal/paper/font"
)

const slugFace = font.Hei

// PNG paints the drawing to its trim, so many pixels wide, on a ground of the material's
// colour.
func (d *Drawing) PNG(pixels int, material string) ([]byte, error) {
	scale := float64(pixels) / d.Width
	m := image.NewRGBA(image.Rect(0, 0, pixels, int(d.Height*scale+0.5)))
	ground := Tint(material)
	if d.ground != nil {
		ground = rgb(*d.ground)
	}
	draw.Draw(m, m.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	b := &brush{picture: m, scale: scale}
	for _, x := range d.boxes {
		b.begin(x.x, x.y, x.wide, x.high)
		b.box(x)
		b.end(rgb(x.ink))
	}
	if c := d.code; c != nil {
		b.begin(c.x, c.y, c.side, c.side)
		c.each(b.box)
		b.end(rgb(black))
	}
	for _, r := range d.runs {
		b.begin(r.x-r.size, r.y-1.2*r.size, long(r.signs, 0)+2*r.size, 1.7*r.size)
		if err := r.trace(b); err != nil {
			return nil, err
		}
		b.end(rgb(r.ink))
	}
	var out bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, few(m))
	return out.Bytes(), err
}

// Tint is the colour of a material as a screen shows it, white for one that is not known.
func Tint(material string) color.RGBA {
	for _, t := range []struct {
		in     string
		colour color.RGBA
	}{
		{"金", color.RGBA{244, 230, 186, 255}},
		{"铜", color.RGBA{236, 214, 160, 255}},
		{"木", color.RGBA{226, 200, 160, 255}},
		{"钢", color.RGBA{230, 232, 234, 255}},
		{"银", color.RGBA{232, 234, 236, 255}},
	} {
		if strings.Contains(material, t.in) {
			return t.colour
		}
	}
	return color.RGBA{255, 255, 255, 255}
}

// brush fills shapes of a picture. What it fills lies in a part of the picture, so that no
// shape costs what the whole does.
type brush struct {
	picture *image.RGBA
	scale   float64
	shape   vector.Rasterizer
	part    image.Rectangle
}

func (b *brush) begin(x, y, wide, high float64) {
	b.part = image.Rect(int(x*b.scale)-1, int(y*b.scale)-1, int((x+wide)*b.scale)+2, int((y+high)*b.scale)+2).Intersect(b.picture.Bounds())
	b.shape.Reset(b.part.Dx(), b.part.Dy())
}

func (b *brush) end(c color.RGBA) {
	b.shape.Draw(b.picture, b.part, image.NewUniform(c), image.Point{})
}

// at is a place in the part.
func (b *brush) at(x, y float64) (float32, float32) {
	return float32(x*b.scale - float64(b.part.Min.X)), float32(y*b.scale - float64(b.part.Min.Y))
}

func (b *brush) box(x box) {
	b.move(x.x, x.y)
	b.line(x.x+x.wide, x.y)
	b.line(x.x+x.wide, x.y+x.high)
	b.line(x.x, x.y+x.high)
	b.close()
}

func (b *brush) move(x, y float64) { b.shape.MoveTo(b.at(x, y)) }
func (b *brush) line(x, y float64) { b.shape.LineTo(b.at(x, y)) }
func (b *brush) bend(cx, cy, x, y float64) {
	ax, ay := b.at(cx, cy)
	bx, by := b.at(x, y)
	b.shape.QuadTo(ax, ay, bx, by)
}
func (b *brush) close() { b.shape.ClosePath() }

// few is a picture of at most 256 colours, kept as numbers of them: a drawing has two or
// three inks and the shades of their edges, and is then a quarter of the bytes to pack.
// A picture of more colours stays as it is.
func few(m *image.RGBA) image.Image {
	var colours color.Palette
	numbers := make(map[[4]byte]uint8, 256)
	p := image.NewPaletted(m.Rect, nil)
	var last [4]byte // opaque colours only: this one is none
	var number uint8
	for i := range p.Pix {
		c := [4]byte(m.Pix[4*i : 4*i+4])
		if c != last {
			n, known := numbers[c]
			if !known {
				if len(colours) == 256 {
					return m
				}
				n = uint8(len(colours)) //nolint:gosec // at most 255
				numbers[c] = n
				colours = append(colours, color.RGBA{c[0], c[1], c[2], c[3]})
			}
			last, number = c, n
		}
		p.Pix[i] = number
	}
	p.Palette = colours
	return p
}
