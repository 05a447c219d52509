package api

import (
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/stage"
)

// documentRow is a signed document in a list.
type documentRow struct {
	ID        string      `json:"id"`
	Programme string      `json:"programme"`
	Sort      string      `json:"sort" doc:"as the programme's documents call it"`
	SortWord  string      `json:"sort_word"`
	Subject   string      `json:"subject" doc:"what it is about"`
	Number    string      `json:"document_number,omitempty"`
	Title     string      `json:"title"`
	To        string      `json:"addressee,omitempty"`
	Date      string      `json:"date" doc:"that it bears"`
	State     stage.State `json:"state"`
	StateWord string      `json:"state_word"`
	SignedAt  time.Time   `json:"signed_at"`
}

// documentFile names the bytes that were signed.
type documentFile struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// documentData is one signed document, as the token's person may see it.
type documentData struct {
	documentRow
	Role         stage.Role   `json:"signed_as"`
	PDF          documentFile `json:"pdf"`
	DOCX         documentFile `json:"docx"`
	Supersedes   string       `json:"supersedes,omitempty"`
	SupersededBy string       `json:"superseded_by,omitempty"`
	Reason       string       `json:"reason,omitempty" doc:"why it was superseded or made void"`
	EndedAt      time.Time    `json:"ended_at,omitzero"`
	Acts         []string     `json:"acts" doc:"what the token's person may do with it now"`
}

func documentRowOf(d document.Document) documentRow {
	s, _ := document.SortOf(d.Sort)
	return documentRow{
		ID: string(d.ID), Programme: string(d.Programme), Sort: d.Sort, SortWord: s.Word, Subject: d.Subject, Number: d.Number, Title: d.Title, To: d.To,
		Date: d.On.String(), State: d.State, StateWord: document.Kind.Word(string(d.State)), SignedAt: d.SignedAt,
	}
}

// documentSigning says what is to be signed.
type documentSigning struct {
	Sort    string `json:"sort" doc:"as the programme's documents call it"`
	Subject string `json:"subject" doc:"what it is about"`
}

// documentReason is why a signed document is corrected or made void.
type documentReason struct {
	Reason string `json:"reason"`
}

// documentQuery narrows a list of signed documents.
type documentQuery struct {
	paging
	Programme string   `query:"programme"`
	Year      int      `query:"year" doc:"of the date that they bear"`
	Sort      string   `query:"sort"`
	State     []string `query:"state" doc:"one or more states"`
}

func documentRoutes() []route {
	sees := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	key := func(c *call) id.Document { return id.Document(c.PathValue("id")) }
	return []route{
		list("/documents", "listDocuments", "List what was signed.", "GET /numbers", sees, func(c *call, q *documentQuery, limit int) ([]documentRow, string, error) {
			all, err := c.desk.Documents(c.Context(), c.Actor, casework.DocumentFilter{
				Programme: id.Programme(q.Programme), Year: q.Year, Sort: q.Sort, States: states(q.State), After: id.Document(q.After), Limit: limit + 1,
			})
			return rows(all, err, limit, func(d document.Document) string { return string(d.ID) }, documentRowOf)
		}),
		one("/documents/{id}", "getDocument", "Read what was signed, and by which digests.", "GET /documents/{id}", sees, func(c *call, key string) (documentData, int64, error) {
			v, err := c.desk.Document(c.Context(), c.Actor, id.Document(key))
			if err != nil {
				return documentData{}, 0, err
			}
			d := v.Document
			return documentData{
				documentRowOf(d), d.Role, documentFile(d.PDF), documentFile(d.DOCX),
				string(d.Supersedes), string(d.SupersededBy), d.Reason, d.EndedAt, acts(v.Acts),
			}, d.Version, nil
		}),
		act("/documents", "signDocument", "Sign a document that is a draft.", "POST /documents/sign", heads, func(c *call, in documentSigning) error {
			_, err := c.desk.SignDocument(c.Context(), c.Actor, in.Sort, in.Subject)
			return err
		}).making(),
		act("/documents/{id}/supersede", "supersedeDocument", "Sign it anew as its thing is now, in its place.", "POST /documents/{id}/supersede", heads, func(c *call, in documentReason) error {
			_, err := c.desk.SupersedeDocument(c.Context(), c.Actor, key(c), in.Reason)
			return err
		}).making(),
		act("/documents/{id}/void", "voidDocument", "Withdraw it; its number is void with it.", "POST /documents/{id}/void", director, func(c *call, in documentReason) error {
			return c.desk.VoidDocument(c.Context(), c.Actor, key(c), in.Reason)
		}),
	}
}
