package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"reflect"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// What the files of documents are.
const (
	mediaPDF  = "application/pdf"
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// paperFile stands for the bytes of a document among the types of answers.
type paperFile struct{}

// paperQuery says which form of a document is wanted.
type paperQuery struct {
	As string `query:"as" doc:"pdf or docx; pdf when left out"`
}

// minutesQuery says for whom a paper of a meeting is.
type minutesQuery struct {
	paperQuery
	For string `query:"for" doc:"an account: of the material of a meeting, the copy of that reader"`
}

var errAs = fault.Define(fault.Invalid, "api.paper.as",
	"as 写 pdf 或者 docx，现在是“%s”。", "")

// paperOf describes the view of a document. It is there for whoever may see the page that
// offers it; a document that was signed is the bytes that were signed.
func paperOf[Q any](path, name, say, page string, allow []stage.Role, form func(*Q) string, read func(*call, *Q) (casework.Paper, error)) route {
	return route{
		method: "GET", path: path, name: name, say: say, page: page, allow: allow, in: reflect.TypeFor[Q](), out: reflect.TypeFor[paperFile](), tagged: true,
		view: func(c *call) (any, error) {
			var q Q
			if err := c.query(&q); err != nil {
				return nil, err
			}
			as := form(&q)
			if as != "" && as != "pdf" && as != "docx" {
				return nil, errAs.At("as", as)
			}
			p, err := read(c, &q)
			if err != nil {
				return nil, err
			}
			if as == "docx" {
				b, err := p.DOCX()
				return rawOf(mediaDOCX, p.Name+".docx", b), err
			}
			return rawOf(mediaPDF, p.Name+".pdf", p.PDF), nil
		},
	}
}

// rawOf answers with bytes.
func rawOf(media, name string, b []byte) raw {
	sum := sha256.Sum256(b)
	return raw{media, name, unclosed{bytes.NewReader(b)}, hex.EncodeToString(sum[:])}
}

// unclosed is a reader of bytes that need no closing.
type unclosed struct{ io.ReadSeeker }

func (unclosed) Close() error { return nil }

// paperRoutes give the bytes of documents, one line a page that offers them.
func paperRoutes() []route {
	anybody := append([]stage.Role{stage.Public}, signedIn...)
	register := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	holders := append([]stage.Role{stage.Applicant}, register...)
	visits := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Chair, stage.Auditor}
	revocations := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Auditor}
	objections := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Auditor, stage.Applicant}
	of := func(path, name, say, page string, allow []stage.Role, read func(c *call, key, kind string) (casework.Paper, error)) route {
		return paperOf(path, name, say, page, allow, func(q *paperQuery) string { return q.As }, func(c *call, _ *paperQuery) (casework.Paper, error) {
			return read(c, c.PathValue("id"), c.PathValue("paper"))
		})
	}
	return []route{
		of("/documents/{id}/paper", "getDocumentPaper", "Read the bytes that were signed.", "GET /documents/{id}/paper", register, func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.SignedPaper(c.Context(), c.Actor, id.Document(key))
		}),
		of("/calls/{id}/paper", "getCallPaper", "Read the call as a document.", "GET /calls/{id}/paper", everyone, func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.CallDocument(c.Context(), c.Actor, id.Round(key))
		}),
		of("/calls/{id}/report/paper", "getRoundReportPaper", "Read the public report of a round that is over as a document.", "GET /calls/{id}/report/paper", everyone, func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.RoundReportPaper(c.Context(), id.Round(key))
		}),
		of("/rounds/{id}/review/paper", "getReviewReport", "Read the report of the review of a round as a document.", "GET /rounds/{id}/review/paper", append([]stage.Role{stage.Member}, register...), func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.ReviewReport(c.Context(), c.Actor, id.Round(key))
		}),
		of("/applications/{id}/papers/{paper}", "getApplicationPaper", "Read a document of an application: its form, a receipt, a notice.", "GET /applications/{id}/papers/{paper}", holders, func(c *call, key, kind string) (casework.Paper, error) {
			return c.desk.ApplicationPaper(c.Context(), c.Actor, id.Application(key), kind)
		}),
		of("/visits/{id}/papers/{paper}", "getVisitPaper", "Read a document of a visit.", "GET /visits/{id}/papers/{paper}", visits, func(c *call, key, kind string) (casework.Paper, error) {
			return c.desk.VisitPaper(c.Context(), c.Actor, id.Visit(key), kind)
		}),
		of("/draws/{id}/certificate", "getDrawCertificate", "Read the certificate of a draw of assessors as a document.", "GET /draws/{id}/certificate", everyone, func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.DrawPaper(c.Context(), c.Actor, id.Draw(key))
		}),
		paperOf("/meetings/{id}/papers/{paper}", "getMeetingPaper", "Read a document of a meeting: its material, its minutes, the result sheet.", "GET /meetings/{id}/papers/{paper}", seesMeetings, func(q *minutesQuery) string { return q.As }, func(c *call, q *minutesQuery) (casework.Paper, error) {
			return c.desk.MeetingPaper(c.Context(), c.Actor, id.Meeting(c.PathValue("id")), c.PathValue("paper"), id.Account(q.For))
		}),
		of("/publicities/{id}/paper", "getPublicityPaper", "Read the notice of a publicity as a document.", "GET /publicities/{id}/paper", append([]stage.Role{stage.Public}, register...), func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.PublicityPaper(c.Context(), c.Actor, id.Publicity(key))
		}),
		of("/objections/{id}/paper", "getObjectionPaper", "Read the answer to an objection as a document.", "GET /objections/{id}/paper", objections, func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.ObjectionPaper(c.Context(), c.Actor, id.Objection(key))
		}),
		of("/namings/{id}/paper", "getNamingPaper", "Read the naming notice as a document.", "GET /namings/{id}/paper", anybody, func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.NamingPaper(c.Context(), c.Actor, id.Naming(key))
		}),
		of("/plaques/list/paper", "getCeremonyPaper", "Read the list of plaques to be handed over as a document.", "GET /plaques/list/paper", register, func(c *call, _, _ string) (casework.Paper, error) {
			return c.desk.CeremonyPaper(c.Context(), c.Actor)
		}),
		of("/plaques/{id}/paper", "getPlaquePaper", "Read the receipt of a plaque as a document.", "GET /plaques/{id}/paper", holders, func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.PlaquePaper(c.Context(), c.Actor, id.Plaque(key))
		}),
		of("/rechecks/{id}/papers/{paper}", "getRecheckPaper", "Read a document of a recheck.", "GET /rechecks/{id}/papers/{paper}", opensTitleCase, func(c *call, key, kind string) (casework.Paper, error) {
			return c.desk.RecheckPaper(c.Context(), c.Actor, id.Recheck(key), kind)
		}),
		of("/rectifications/{id}/paper", "getRectificationPaper", "Read the order to put things right as a document.", "GET /rectifications/{id}/paper", opensTitleCase, func(c *call, key, _ string) (casework.Paper, error) {
			return c.desk.RectificationPaper(c.Context(), c.Actor, id.Rectification(key))
		}),
		of("/revocations/{id}/papers/{paper}", "getRevocationPaper", "Read a document of a proceeding.", "GET /revocations/{id}/papers/{paper}", revocations, func(c *call, key, kind string) (casework.Paper, error) {
			return c.desk.RevocationPaper(c.Context(), c.Actor, id.Revocation(key), kind)
		}),
	}
}
