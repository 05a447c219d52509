package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
	"shifan/internal/record"
	"shifan/internal/store"
)

// DocumentFilter is the store's, so that the doors need not know the store.
type DocumentFilter = store.DocumentFilter

// manuscript is an official document of a thing, as it would be signed now.
type manuscript struct {
	rules *programme.Programme
	of    id.Programme
	name  string // of its file
	given string // the number that the thing bears already
	on    calendar.Date
	doc   *paper.Document
}

// writers compose what may be signed, as the viewer may see it; fault.Missing when the
// viewer does not see the thing. Where it is too early, there is no document in what they
// return. number is what the document bears, where its thing bears none.
var writers = map[string]func(d *Desk, tx *store.Tx, by stage.Actor, subject, number string) (manuscript, error){
	CallPaper:       (*Desk).callManuscript,
	CorrectionPaper: applicationManuscript(CorrectionPaper),
	AcceptancePaper: applicationManuscript(AcceptancePaper),
	RefusalPaper:    applicationManuscript(RefusalPaper),
	VisitNotice:     (*Desk).visitManuscript,
	MeetingMinutes:  (*Desk).minutesManuscript,
	"publicity":     (*Desk).publicityManuscript,
	"naming":        (*Desk).namingManuscript,
	RecheckResult:   (*Desk).recheckManuscript,
	"rectification": (*Desk).rectificationManuscript,
	HearingPaper:    revocationManuscript(HearingPaper),
	"revocation":    revocationManuscript(RevokedPaper),
}

// signing is how the office reads a thing when its document is composed to be signed: the
// text is one, whoever signs.
var signing = stage.Actor{Role: stage.Director}

// Followed leaves what follows from an act in the act's own transaction: the messages that
// it causes, and the documents that it issues. It is what store.Follow calls.
func (d *Desk) Followed(tx *store.Tx, e record.Entry) error {
	if err := Told(tx, e); err != nil {
		return err
	}
	return d.issued(tx, e)
}

// issued signs the document that an act issues. One that is in force already is superseded
// when it says something else now.
func (d *Desk) issued(tx *store.Tx, e record.Entry) error {
	s, issues := document.IssuedBy(e.Act)
	if !issues || d.Files.Blobs == nil {
		return nil
	}
	by := stage.Actor{Account: e.By, Role: stage.Role(e.Role), Programme: e.Programme}
	if by.Role == stage.Applicant {
		by = stage.TheClock // an applicant's act changes what the office says, and signs nothing
	}
	subject := e.Thing
	if chapter, _, _ := strings.Cut(e.Act, "."); chapter == "candidate" {
		c, err := tx.Candidate(id.Candidate(e.Thing))
		if err != nil {
			return err
		}
		subject = string(c.Publicity)
	}
	if s.Once {
		if signed, err := inForce(tx, subject, s.Code); err != nil || signed != nil {
			return err
		}
	}
	chapter, act, _ := strings.Cut(e.Act, ".")
	_, line, err := d.sign(tx, by, s, subject, lifecycle.Named(chapter).Word(act), e.At)
	if err == nil {
		tx.Also(line)
	}
	if errors.Is(err, errTooEarly) || errors.Is(err, errAsSigned) || fault.CodeOf(err) == noFonts {
		return nil
	}
	return err
}

// What keeps an act from signing without making it wrong.
var (
	errTooEarly = errors.New("casework: there is nothing to sign yet")
	errAsSigned = errors.New("casework: it is signed as it is")
)

// sign signs the document of a sort about a thing as it is now. Where one is in force, the
// new one supersedes it for the reason given and bears its number. It returns the line of
// the record for it.
func (d *Desk) sign(tx *store.Tx, by stage.Actor, s document.Sort, subject, reason string, now time.Time) (made *document.Document, e record.Entry, err error) {
	m, err := writers[s.Code](d, tx, signing, subject, "")
	if err != nil {
		return nil, e, err
	}
	if m.doc == nil {
		return nil, e, errTooEarly
	}
	standing, err := inForce(tx, subject, s.Code)
	if err != nil {
		return nil, e, err
	}
	number := m.given
	var fresh *document.Number
	switch {
	case standing != nil:
		number = standing.Number
	case number == "" && s.Numbered(m.rules):
		if fresh, err = d.nextNumber(tx, by, m, now); err != nil {
			return nil, e, err
		}
		number = fresh.String()
	}
	if number != m.given {
		if m, err = writers[s.Code](d, tx, signing, subject, number); err != nil {
			return nil, e, err
		}
	}
	draft := document.Draft{Sort: s, Subject: subject, Programme: m.of, Number: number, Title: plainTitle(m.doc.Title), Name: m.name, To: m.doc.To, On: m.on}
	if draft.PDF, draft.DOCX, err = d.fix(m.name, m.doc); err != nil {
		return nil, e, err
	}
	if standing != nil && standing.Same(draft) {
		return nil, e, errAsSigned
	}
	made, move := document.Sign(by, id.New[id.Document](d.Rand), draft, now)
	if standing != nil {
		ended := standing.Supersede(by, made, reason, now)
		if err := tx.PutDocument(standing); err != nil {
			return nil, e, err
		}
		tx.Also(d.documentEntry(by, standing, ended, now))
	} else if err := d.registered(tx, by, m, made, fresh, now); err != nil {
		return nil, e, err
	}
	return made, d.documentEntry(by, made, move, now), tx.AddDocument(made)
}

// inForce returns the document of a sort about a thing that stands, or nil.
func inForce(tx *store.Tx, subject, sort string) (*document.Document, error) {
	d, err := tx.DocumentInForce(subject, sort)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil //nolint:nilnil // there is none, which is said
	}
	return &d, err
}

// plainTitle is a title without the bars where its lines may end.
func plainTitle(s string) string { return strings.ReplaceAll(s, "|", "") }

// nextNumber is the number that a document of a programme takes now.
func (d *Desk) nextNumber(tx *store.Tx, by stage.Actor, m manuscript, now time.Time) (*document.Number, error) {
	taken, err := d.registerPrinted(tx, by, m.rules, now)
	if err != nil {
		return nil, err
	}
	n, err := document.Next(m.rules.Naming.Numbers, m.on.Year, taken)
	return &n, err
}

// registered writes the number that a document bears into the register: the one it took,
// or the one that somebody gave by hand, with those before it that are not there.
func (d *Desk) registered(tx *store.Tx, by stage.Actor, m manuscript, made *document.Document, fresh *document.Number, now time.Time) error {
	take := func(n *document.Number, act string) error {
		tx.Also(d.numberEntry(by, m.of, *n, stage.Move{Act: act, By: by.Role, To: document.Taken, Basis: "制度:文号登记连续不重号"}, now))
		return tx.AddNumber(n)
	}
	if fresh != nil {
		fresh.Use, fresh.Thing, fresh.Title, fresh.State, fresh.By, fresh.At = document.ForDocument, made.Subject, made.Title, document.Taken, by.Account, now
		if err := take(fresh, "take"); err != nil || made.Sort != CallPaper {
			return err
		}
		r, err := tx.Round(id.Round(made.Subject))
		if err != nil {
			return err
		}
		r.DocNumber = made.Number // as the call's page and everything that cites it say
		return tx.PutRound(&r)
	}
	if made.Number == "" {
		return nil
	}
	taken, err := tx.NumbersOf(m.rules.Naming.Numbers)
	if err != nil {
		return err
	}
	if err := document.Free(made.Number, made.Title, made.Subject, taken); err != nil {
		return err
	}
	for _, n := range document.Printed(made.Number, made.Title, m.rules.Naming.Numbers, taken, by.Account, now) {
		if n.String() == made.Number {
			n.Use, n.Thing = document.ForDocument, made.Subject
		}
		if err := take(&n, "enter"); err != nil {
			return err
		}
	}
	return nil
}

// documentEntry is the line of the record for a move of a document: who has the file can
// prove by its digest that it is what was signed.
func (d *Desk) documentEntry(by stage.Actor, of *document.Document, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, document.Kind, string(of.ID), m, now)
	e.Programme = of.Programme
	e.Facts = map[string]string{"sort": of.Sort, "subject": of.Subject, "pdf": of.PDF.SHA256, "docx": of.DOCX.SHA256}
	if of.Number != "" {
		e.Facts["doc_number"] = of.Number
	}
	return e
}

// SignDocument signs the document of a sort about a thing by hand: one that no act issues,
// or that its act left unsigned.
func (d *Desk) SignDocument(ctx context.Context, by stage.Actor, sort, subject string) (key id.Document, err error) {
	defer fault.Wrap(&err, "casework.SignDocument(%s, %s)", sort, subject)
	return d.signs(ctx, by, sort, subject, func(standing *document.Document) (string, error) {
		_, err := document.MaySign(by, sort, standing)
		return "", err
	})
}

// SupersedeDocument signs the document anew as its thing is now, in the place of one that
// was wrong (更正).
func (d *Desk) SupersedeDocument(ctx context.Context, by stage.Actor, key id.Document, reason string) (made id.Document, err error) {
	defer fault.Wrap(&err, "casework.SupersedeDocument(%s)", key)
	was, err := d.documentFor(ctx, by, key)
	if err != nil {
		return "", err
	}
	return d.signs(ctx, by, was.Sort, was.Subject, func(standing *document.Document) (string, error) {
		if standing == nil || standing.ID != key {
			return "", was.MaySupersede(by, reason)
		}
		return reason, standing.MaySupersede(by, reason)
	})
}

// signs runs a signing by hand, which may refuses.
func (d *Desk) signs(ctx context.Context, by stage.Actor, sort, subject string, may func(standing *document.Document) (string, error)) (key id.Document, err error) {
	now := d.Now()
	s, known := document.SortOf(sort)
	if !known {
		_, err := document.MaySign(by, sort, nil)
		return "", err
	}
	if d.Files.Blobs == nil {
		return "", errNoFiles.New()
	}
	err = d.Store.Change(ctx, func(tx *store.Tx) (e record.Entry, err error) {
		m, err := writers[sort](d, tx, by, subject, "")
		if err == nil && by.Programme != "" && by.Programme != m.of {
			err = fault.Missing()
		}
		if err != nil {
			return e, err
		}
		standing, err := inForce(tx, subject, sort)
		if err != nil {
			return e, err
		}
		reason, err := may(standing)
		if err != nil {
			return e, err
		}
		made, line, err := d.sign(tx, by, s, subject, reason, now)
		switch {
		case errors.Is(err, errTooEarly):
			return e, s.Unready()
		case errors.Is(err, errAsSigned):
			return e, standing.Unchanged()
		case err != nil:
			return e, err
		}
		key = made.ID
		return line, nil
	})
	return key, err
}

// SignableView is what the page asks before a document is signed by hand.
type SignableView struct {
	Number string // that it would take now; empty: it takes none
}

// Signable refuses what SignDocument would refuse, and says which number it would take.
func (d *Desk) Signable(ctx context.Context, by stage.Actor, sort, subject string) (v SignableView, err error) {
	defer fault.Wrap(&err, "casework.Signable(%s, %s)", sort, subject)
	s, known := document.SortOf(sort)
	if !known {
		return v, fault.Missing()
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		m, err := writers[sort](d, tx, by, subject, "")
		if err == nil && by.Programme != "" && by.Programme != m.of {
			err = fault.Missing()
		}
		if err != nil {
			return err
		}
		standing, err := inForce(tx, subject, sort)
		if err != nil {
			return err
		}
		if _, err := document.MaySign(by, sort, standing); err != nil {
			return err
		}
		if m.doc == nil {
			return s.Unready()
		}
		if v.Number = m.given; v.Number == "" && s.Numbered(m.rules) {
			taken, err := tx.NumbersOf(m.rules.Naming.Numbers)
			if err != nil {
				return err
			}
			n, err := nextPrinted(tx, m.rules, taken, m.on.Year)
			if err != nil {
				return err
			}
			v.Number = n.String()
		}
		return nil
	})
	return v, err
}

// VoidDocument withdraws a signed document. The number that it took is void with it.
func (d *Desk) VoidDocument(ctx context.Context, by stage.Actor, key id.Document, reason string) (err error) {
	defer fault.Wrap(&err, "casework.VoidDocument(%s)", key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (e record.Entry, err error) {
		of, err := tx.DocumentFor(by, key)
		if err != nil {
			return e, err
		}
		m, err := of.Void(by, reason, now)
		if err != nil {
			return e, err
		}
		if of.Number != "" {
			n, err := tx.NumberFor(by, of.Number)
			switch {
			case fault.KindOf(err) == fault.NotFound: // of another register
			case err != nil:
				return e, err
			default:
				v, err := n.CancelWith(&of, by)
				if err != nil {
					return e, err
				}
				tx.Also(d.numberEntry(by, of.Programme, n, v, now))
				if err := tx.PutNumber(&n); err != nil {
					return e, err
				}
			}
		}
		return d.documentEntry(by, &of, m, now), tx.PutDocument(&of)
	})
}

func (d *Desk) documentFor(ctx context.Context, by stage.Actor, key id.Document) (of document.Document, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		of, err = tx.DocumentFor(by, key)
		return err
	})
	return of, err
}

// DocumentView is one signed document with what became of it.
type DocumentView struct {
	Document document.Document
	Sort     document.Sort
	By       string              // who signed, by name
	All      []document.Document // of the same sort about the same thing, the first first
	Acts     []string            // what the viewer may do with it now
}

// Document returns a line of the register with all that was signed in its place.
func (d *Desk) Document(ctx context.Context, by stage.Actor, key id.Document) (v DocumentView, err error) {
	defer fault.Wrap(&err, "casework.Document(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Document, err = tx.DocumentFor(by, key); err != nil {
			return err
		}
		v.Sort, _ = document.SortOf(v.Document.Sort)
		if a, err := tx.Account(v.Document.SignedBy); err == nil {
			v.By = a.Name
		}
		v.By = cmp.Or(v.By, v.Document.Role.Word())
		v.Acts = v.Document.May(by.Role)
		v.All, err = tx.DocumentsAbout(v.Document.Subject, v.Document.Sort)
		return err
	})
	return v, err
}

// Documents lists the signed documents that the viewer may see, the latest first.
func (d *Desk) Documents(ctx context.Context, by stage.Actor, f DocumentFilter) (all []document.Document, err error) {
	defer fault.Wrap(&err, "casework.Documents")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Documents(by, f)
		return err
	})
	return all, err
}

// SignedPaper returns the bytes of one signed document, also of one that is superseded or
// void, for those who see both the register and what it is about.
func (d *Desk) SignedPaper(ctx context.Context, by stage.Actor, key id.Document) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.SignedPaper(%s)", key)
	var of document.Document
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if of, err = tx.DocumentFor(by, key); err == nil {
			_, err = writers[of.Sort](d, tx, by, of.Subject, of.Number)
		}
		return err
	})
	if err != nil {
		return p, err
	}
	return d.signedPaper(ctx, of)
}

// paperOf gives the document of a thing: as it was signed, or a draft of it. Who asks may
// see it.
func (d *Desk) paperOf(ctx context.Context, sort, subject, name string, compose func() (*paper.Document, error)) (p Paper, err error) {
	var of *document.Document
	if err := d.Store.View(ctx, func(tx *store.Tx) error {
		of, err = inForce(tx, subject, sort)
		return err
	}); err != nil {
		return p, err
	}
	if of != nil {
		return d.signedPaper(ctx, *of)
	}
	doc, err := compose()
	if err != nil {
		return p, err
	}
	return issue(name+draftMark, doc)
}

// draftMark ends the name of a file that nobody signed.
const draftMark = "（稿）"

// SignedPapers says which documents about a thing are in force, for its page.
type SignedPapers struct {
	About string                       // the thing
	Now   map[string]document.Document // by the code of its sort
	Sees  bool                         // the viewer sees the register
	May   bool                         // the viewer may sign by hand what is not signed
}

// signedPapers gathers what is signed about a thing that the viewer sees.
func signedPapers(tx *store.Tx, by stage.Actor, subject string, of id.Programme) (v SignedPapers, err error) {
	within := by.Programme == "" || by.Programme == of
	v = SignedPapers{About: subject, Now: map[string]document.Document{}, May: within && document.Kind.Takes("sign", by.Role)}
	v.Sees = within && slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, by.Role)
	all, err := tx.DocumentsAbout(subject, "")
	for _, d := range all {
		if d.InForce() {
			v.Now[d.Sort] = d
		}
	}
	return v, err
}
