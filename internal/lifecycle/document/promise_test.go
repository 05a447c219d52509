package document_test

import (
	"testing"
	"time"

	"shifan/internal/lifecycle/document"
)

// TestPromises: each is broken by one thing alone.
func TestPromises(t *testing.T) {
	t.Parallel()
	pair := func() []*document.Document {
		first, second := signed("call"), signed("call")
		second.ID = "doc_2"
		first.Supersede(director, second, "顺延", now)
		return []*document.Document{first, second}
	}
	for name, change := range map[string]func(first, second *document.Document){
		"":                                func(*document.Document, *document.Document) {},
		"document.signed.whole":           func(first, _ *document.Document) { first.PDF.Size = 0 },
		"document.in_force.once":          func(first, _ *document.Document) { first.State, first.SupersededBy = document.Signed, "" },
		"document.superseded.by_its_like": func(_, second *document.Document) { second.Number = "吉社联党发〔2021〕9号" },
	} {
		all := pair()
		change(all[0], all[1])
		if p, broken := document.Broken(all); p.Name != name || broken != (name != "") {
			t.Errorf("%q: %q", name, p.Name)
		}
	}
	all := []*document.Number{{Seq: 1}, {Seq: 2}, {Seq: 4}}
	for _, tt := range []struct {
		n      document.Number
		broken bool
	}{
		{document.Number{Seq: 4, Use: document.ForDocument, At: now}, true},
		{document.Number{Seq: 4, Use: document.Outside, At: now}, false},
		{document.Number{Seq: 4, Use: document.ForDocument, At: now.Add(-time.Hour)}, false},
		{document.Number{Seq: 2, Use: document.ForNaming, At: now}, false},
	} {
		if p, broken := tt.n.Broken(all, now); broken != tt.broken || broken && p.Base == "" {
			t.Errorf("%+v: %+v", tt.n, p)
		}
	}
	twice := append(all, &document.Number{Seq: 2})
	if _, broken := (&document.Number{Seq: 2, Use: document.ForNaming, At: now}).Broken(twice, now); !broken {
		t.Error("a number that stands twice")
	}
}
