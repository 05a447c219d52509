package artwork

import "fmt"

// Outside returns a run that reaches beyond the inner frame, or lies over another; empty
// when there is none.
func Outside(d *Drawing) string {
	type area struct{ left, top, right, low float64 }
	of := func(r run) area {
		return area{r.x, r.y - 0.85*r.size, r.x + long(r.signs, 0), r.y + 0.1*r.size}
	}
	for i, r := range d.runs {
		a := of(r)
		edge := 18 * min(d.Width/600, d.Height/400)
		if a.left < edge || a.right > d.Width-edge+0.5 || a.top < edge || a.low > d.Height-edge {
			return fmt.Sprintf("%+v of %+v", r.y, a)
		}
		for _, other := range d.runs[:i] {
			if b := of(other); a.left < b.right && b.left < a.right && a.top < b.low && b.top < a.low {
				return fmt.Sprintf("%+v over %+v", a, b)
			}
		}
		if c := d.code; c != nil && a.left < c.x+c.side && a.right > c.x && a.top < c.y+c.side && a.low > c.y {
			return fmt.Sprintf("%+v over the code", a)
		}
	}
	return ""
}
