// Package wording tells whether the texts of a programme can be filled and its plaque be
// made: the words of documents, messages, plaques and certificates.
package wording

import (
	"fmt"
	"slices"
	"strings"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/template"
)

// Wrong is a text that cannot be used; see check.Wrong.
type Wrong struct {
	Path []string
	Say  string
	At   int
}

// Programme says everything that is wrong with the texts of a programme.
func Programme(p *programme.Programme) []Wrong { return append(plaque(p), templates(p)...) }

func at(say string, path ...any) Wrong {
	w := Wrong{Say: say}
	for _, p := range path {
		w.Path = append(w.Path, fmt.Sprint(p))
	}
	return w
}

// templates are texts that can be filled: with fields that their kind has, and with those
// that it must have.
func templates(p *programme.Programme) (all []Wrong) {
	told := func(wrong []template.Wrong, path ...any) {
		for _, w := range wrong {
			one := at(w.Say, path...)
			one.At = w.At
			all = append(all, one)
		}
	}
	for i, d := range p.Documents {
		if !genre(d) {
			all = append(all, at(fmt.Sprintf("的文种是%s，名称“%s”却不以“%s”或“%s书”结尾。改文种，或者改名称；不是公文文种的，文种写 plain。", d.Type, d.Title, d.Type, d.Type), "documents", i, "title"))
		}
		if k, known := template.Document(d.Code); known && d.Text != "" { // of a kind that is not known the schema says so
			_, wrong := template.Parse(k, d.Text)
			told(wrong, "documents", i, "text")
		}
	}
	for i, m := range p.Messages {
		k, known := template.Message(m.Code)
		if !known || k.Fixed {
			continue // the schema says so
		}
		_, wrong := template.ParseSubject(k, m.Subject)
		told(wrong, "messages", i, "subject")
		_, wrong = template.Parse(k, m.Text)
		told(wrong, "messages", i, "text")
	}
	return all
}

// genres are what an official document may be of, of those that a programme issues.
var genres = []string{"通知", "决定", "通报", "报告", "纪要"}

// genre reports whether a document's name says what genre it is of: a title ends with it
// (党政机关公文处理工作条例 第九条: 标题由发文机关名称、事由和文种组成). Of one that is not known
// the schema says so.
func genre(d programme.Document) bool {
	return !slices.Contains(genres, d.Type) || strings.HasSuffix(d.Title, d.Type) || strings.HasSuffix(d.Title, d.Type+"书")
}
