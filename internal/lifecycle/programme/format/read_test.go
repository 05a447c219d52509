package format_test

import (
	"testing"

	"shifan/internal/lifecycle/programme/format"
	"shifan/programmes"
)

func TestShipped(t *testing.T) {
	t.Parallel()
	for _, name := range programmes.Names() {
		text, _ := programmes.Text(name)
		p, problems := format.Read(text)
		for _, w := range problems {
			t.Errorf("%s:%s", name, w)
		}
		if p != nil && string(p.Name) != name {
			t.Errorf("%s calls itself %s", name, p.Name)
		}
	}
}
