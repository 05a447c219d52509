package play_test

import (
	"testing"

	"shifan/internal/creditcode"
	"shifan/internal/play"
)

func TestOrganisations(t *testing.T) {
	t.Parallel()
	names, codes := map[string]bool{}, map[string]bool{}
	for _, o := range play.Organisations(300) {
		if got := creditcode.Check(o.Code); got.Result != creditcode.OK {
			t.Errorf("%s %s: %+v", o.Name, o.Code, got)
		}
		if creditcode.KindOf(o.Code) != o.Kind {
			t.Errorf("%s: code %s is not of kind %s", o.Name, o.Code, o.Kind)
		}
		if names[o.Name] || codes[o.Code] {
			t.Errorf("%s %s stands twice", o.Name, o.Code)
		}
		names[o.Name], codes[o.Code] = true, true
	}
}
