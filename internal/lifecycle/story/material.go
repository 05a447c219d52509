package story

import (
	"slices"
	"strings"

	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/personal"
)

// SourceKinds lists what passages are taken from, with how people read it.
var SourceKinds = map[string]string{Statement: "申报材料", Finding: "实地考核记录"}

// The kinds of sources.
const (
	Statement = "statement" // what the holder said to an indicator
	Finding   = "finding"   // what the visit noted of it
)

// Material is a passage of assessed evidence, with which a story may begin.
type Material struct {
	Source
	Text string
}

// Key names a material within its title.
func (m Material) Key() string { return m.Kind + "." + m.Indicator }

// Assessed lists what a story may begin with: of every indicator that the visit, or
// where it did not look the review, found met, what the holder said to it and what the
// visit noted.
func Assessed(indicators []programme.Indicator, answers map[string]answer.Answer, reviewed map[string]review.Finding, visited map[string]assessment.Finding) (all []Material) {
	for _, i := range indicators {
		seen := visited[i.Code]
		if seen.Rating != "meets" && (seen.Rating != "" || reviewed[i.Code].Verdict != "meets") {
			continue
		}
		if text := strings.TrimSpace(answers[i.Code].Statement); text != "" {
			all = append(all, Material{Source{Statement, i.Code, i.Title}, text})
		}
		if text := strings.TrimSpace(seen.Note); text != "" && seen.Rating == "meets" {
			all = append(all, Material{Source{Finding, i.Code, i.Title}, text})
		}
	}
	return all
}

// Chosen returns the materials with some keys, in their order.
func Chosen(all []Material, keys []string) []Material {
	return slices.DeleteFunc(slices.Clone(all), func(m Material) bool { return !slices.Contains(keys, m.Key()) })
}

// Told leaves out of materials what the holder was not told: what the visit noted is
// for the office, which takes it into a draft when the holder is to read it.
func Told(all []Material) []Material {
	return slices.DeleteFunc(slices.Clone(all), func(m Material) bool { return m.Kind != Statement })
}

// takeOver makes the first text of passages, with numbers of persons made unreadable,
// and cites where they come from.
func takeOver(chosen []Material) (text string, cited []Source) {
	var paragraphs []string
	for _, m := range chosen {
		paragraphs = append(paragraphs, Paragraphs(personal.Mask(m.Text))...)
		cited = append(cited, m.Source)
	}
	return strings.Join(paragraphs, "\n"), cited
}

// Usable decides whether a file may be a picture of a story: a photo or drawing that
// the holder submitted, released, and freed of what it says of persons, places and
// machines.
func Usable(f *file.File, copied bool) bool {
	return (f.Kind == "jpg" || f.Kind == "png") && f.Visit == "" && f.Previewable() == nil && copied
}
