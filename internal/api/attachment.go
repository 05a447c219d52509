package api

import (
	"context"
	"io"
	"time"

	"shifan/internal/casework"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/stage"
)

// codeHeader is where a program shows the query code of a case with the bytes of a file.
const codeHeader = "Shifan-Code"

// sentAlong is a file that came along with a case.
type sentAlong struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Kind   string    `json:"kind" doc:"pdf, jpg, png, docx or xlsx, by its content"`
	Size   int64     `json:"size" doc:"bytes"`
	SHA256 string    `json:"sha256" doc:"in hex"`
	At     time.Time `json:"at"`
}

func sentAlongOf(a inquiry.Attachment) sentAlong {
	return sentAlong{string(a.ID), a.Name, a.Kind, a.Size, a.SHA256, a.At}
}

// sentName names a file.
type sentName struct {
	Name string `query:"name" doc:"the file's name"`
}

// caseCode shows the query code of a case.
type caseCode struct {
	Code string `json:"code" doc:"as it was shown when the case was filed"`
}

// caseStatus is how a case stands, for who has its code.
type caseStatus struct {
	Label     string      `json:"label" doc:"as people quote it"`
	StateWord string      `json:"state_word" doc:"what the office thinks of an objection comes with the answer"`
	ArrivedAt time.Time   `json:"arrived_at"`
	AnswerDue time.Time   `json:"answer_due,omitzero" doc:"of an objection that is not answered"`
	EndedAt   time.Time   `json:"ended_at,omitzero"`
	To        string      `json:"to,omitempty" doc:"the authority to which a report was referred"`
	Answer    string      `json:"answer,omitempty"`
	Files     []sentAlong `json:"files" doc:"sent along so far"`
	Acts      []string    `json:"acts" doc:"what the code lets one do with it now: attach, withdraw"`
}

// sentFile opens a file that came along with a case. It is of no other case.
func sentFile(c *call, of func(inquiry.Attachment) string) (raw, int64, error) {
	a, in, err := c.desk.OpenAttachment(c.Context(), c.Actor, id.Attachment(c.PathValue("file")))
	if err != nil {
		return raw{}, 0, err
	}
	if of(a) != c.PathValue("id") {
		_ = in.Close() // it was only opened
		return raw{}, 0, fault.Missing()
	}
	return raw{evidence.Kind(a.Kind).Media(), a.Name, in, a.SHA256}, 0, nil
}

// attachmentRoutes let the one who raised a case see how it stands and send files along,
// by its query code, and let those read them who know who raised it. The pages ask for no
// account there, and this door for no token; who shows one acts as nobody in particular.
func attachmentRoutes() []route {
	attach := func(path, name, say, page string, keep func(c *call) func(ctx context.Context, code, name string, r io.Reader) error) route {
		return streaming(path, name, say, page, everyone, func(c *call, q *sentName) error {
			return keep(c)(c.Context(), c.Header.Get(codeHeader), q.Name, io.TeeReader(c.Body, c.asked))
		}).coding()
	}
	return []route{
		asking("/objections/query", "queryObjection", "Ask by its query code how an objection stands.", "POST /objections/query", everyone, objectionStatus).coding(),
		asking("/misuses/query", "queryMisuse", "Ask by its query code how a report of misuse stands.", "POST /misuses/query", everyone, misuseStatus).coding(),
		act("/objections/withdraw", "withdrawObjection", "Take an objection back, by its query code. The facts are looked into all the same.", "POST /objections/withdraw", everyone, func(c *call, in caseCode) error {
			return c.desk.WithdrawObjection(c.Context(), in.Code)
		}).coding(),
		attach("/objections/attach", "attachToObjection", "Send a file along with an objection; the body is its bytes.", "POST /objections/attach", func(c *call) func(context.Context, string, string, io.Reader) error {
			return c.desk.AttachToObjection
		}),
		attach("/misuses/attach", "attachToMisuse", "Send a file along with a report of misuse; the body is its bytes.", "POST /misuses/attach", func(c *call) func(context.Context, string, string, io.Reader) error {
			return c.desk.AttachToMisuse
		}),
		one("/objections/{id}/files/{file}", "getObjectionFile", "Read the bytes of a file that came along with an objection.", "GET /attachments/{id}", office, func(c *call, _ string) (raw, int64, error) {
			return sentFile(c, func(a inquiry.Attachment) string { return string(a.Objection) })
		}),
		one("/misuses/{id}/files/{file}", "getMisuseFile", "Read the bytes of a file that came along with a report of misuse.", "GET /attachments/{id}", office, func(c *call, _ string) (raw, int64, error) {
			return sentFile(c, func(a inquiry.Attachment) string { return string(a.Misuse) })
		}),
	}
}

func objectionStatus(c *call, in caseCode) (caseStatus, error) {
	r, err := c.desk.ObjectionStatus(c.Context(), in.Code)
	return objectionStatusOf(r), err
}

func objectionStatusOf(r casework.Receipt) caseStatus {
	o := r.Objection
	s := caseStatus{Label: o.Label(), StateWord: o.PublicWord(), ArrivedAt: o.ArrivedAt, Files: each(r.Files, sentAlongOf), Acts: []string{}}
	for _, do := range objection.Kind.May(o.State, stage.Public) {
		if do != "withdraw" || o.WithdrawnAt.IsZero() {
			s.Acts = append(s.Acts, do)
		}
	}
	if o.State == objection.Answered {
		s.EndedAt, s.Answer = o.AnsweredAt, o.Answer
	} else {
		s.AnswerDue = o.AnswerDue
	}
	return s
}

func misuseStatus(c *call, in caseCode) (caseStatus, error) {
	r, err := c.desk.MisuseStatus(c.Context(), in.Code)
	return misuseStatusOf(r), err
}

func misuseStatusOf(r casework.MisuseReceipt) caseStatus {
	m := r.Report
	return caseStatus{
		Label: m.Label(), StateWord: misuse.Kind.Word(string(m.State)), ArrivedAt: m.ArrivedAt, EndedAt: m.EndedAt,
		To: m.To, Answer: m.Answer, Files: each(r.Files, sentAlongOf), Acts: acts(misuse.Kind.May(m.State, stage.Public)),
	}
}
