package api

import (
	"encoding/base64"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/template"
)

// templateRow is the words of one kind of document or message, as a programme has them.
type templateRow struct {
	ID      string          `json:"id" doc:"list and kind, as documents/receipt"`
	List    string          `json:"list" doc:"documents or messages"`
	Kind    string          `json:"kind"`
	Label   string          `json:"label"`
	Subject string          `json:"subject,omitempty"`
	Text    string          `json:"text"`
	Own     bool            `json:"own" doc:"the programme's own words, not the usual ones"`
	Fields  []templateField `json:"fields" doc:"what may stand in the words"`
	Rewords bool            `json:"rewords" doc:"the token's person may change them"`
}

// templateField is what may stand in words and is filled in.
type templateField struct {
	Name  string `json:"name"`
	Means string `json:"means"`
}

func templateRowOf(v casework.TemplateView) templateRow {
	k := v.Kind
	return templateRow{v.List + "/" + k.Name, v.List, k.Name, k.Label, v.Subject, v.Text, v.Own, each(k.Fields, func(f template.Field) templateField { return templateField{f.Name, f.Means} }), v.Rewords}
}

// templateWords are words that stand in place of those there are.
type templateWords struct {
	Subject string `json:"subject,omitempty" doc:"of a message; of a document its title, where it has one"`
	Text    string `json:"text"`
}

// templateSample is words filled with examples.
type templateSample struct {
	Subject string   `json:"subject,omitempty"`
	Lines   []string `json:"lines" doc:"of a message"`
	PDF     string   `json:"pdf,omitempty" doc:"of a document, in base64"`
}

// previewTemplate fills words with examples.
func previewTemplate(c *call, in templateWords) (out templateSample, err error) {
	of, list, kind := id.Programme(c.PathValue("id")), c.PathValue("list"), c.PathValue("kind")
	s, err := c.desk.TryTemplate(c.Context(), c.Actor, of, list, kind, in.Subject, in.Text)
	if err != nil {
		return out, err
	}
	out = templateSample{Subject: s.Subject, Lines: acts(s.Lines)}
	if list == casework.DocumentTemplates {
		var p casework.Paper
		p, err = c.desk.TryTemplatePaper(c.Context(), c.Actor, of, kind, in.Text)
		out.PDF = base64.StdEncoding.EncodeToString(p.PDF)
	}
	return out, err
}

// templateQuery narrows a list of words.
type templateQuery struct{ paging }

// templateRoutes are the words of a programme's documents and messages. To change them
// makes a new version of the programme, so If-Match names its version.
func templateRoutes() []route {
	readers := []stage.Role{stage.Clerk, stage.Director, stage.Operator, stage.Auditor}
	const at, page = "/programmes/{id}/templates/{list}/{kind}", "POST /programmes/{name}/templates/{list}/{kind}"
	save := func(c *call, subject, text string, usual bool) error {
		return c.desk.SaveTemplate(c.Context(), c.Actor, id.Programme(c.PathValue("id")), c.PathValue("list"), c.PathValue("kind"), int(c.match), subject, text, usual)
	}
	return []route{
		list("/programmes/{id}/templates", "listTemplates", "List the words of a programme's documents and messages.", "GET /programmes/{name}/templates", readers, func(c *call, q *templateQuery, _ int) ([]templateRow, string, error) {
			all, err := c.desk.Templates(c.Context(), c.Actor, id.Programme(c.PathValue("id")))
			return whole(all, err, &q.paging, func(v casework.TemplateView) string { return v.List + "/" + v.Kind.Name }, templateRowOf)
		}),
		one(at, "getTemplate", "Read the words of one kind of document or message.", "GET /programmes/{name}/templates/{list}/{kind}", readers, func(c *call, key string) (templateRow, int64, error) {
			v, err := c.desk.Template(c.Context(), c.Actor, id.Programme(key), c.PathValue("list"), c.PathValue("kind"))
			if err != nil {
				return templateRow{}, 0, err
			}
			return templateRowOf(v), int64(v.Programme.Version), nil
		}),
		act(at, "saveTemplate", "Give a kind of document or message words of the programme's own.", page, director, func(c *call, in templateWords) error {
			return save(c, in.Subject, in.Text, false)
		}).matching(),
		act(at+"/usual", "restoreTemplate", "Take the usual words again.", page+"/usual", director, func(c *call, _ none) error {
			return save(c, "", "", true)
		}).matching(),
		asking(at+"/preview", "previewTemplate", "Fill words with examples. Nothing is saved.", page+"/preview", director, previewTemplate),
	}
}
