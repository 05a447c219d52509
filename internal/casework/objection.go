package casework

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"shifan/internal/lifecycle/inquiry"

	"golang.org/x/text/width"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

var errCode = fault.Define(fault.Invalid, "objection.code.unknown",
	"没有找到这个查询码。核对回执上的16位字母和数字，不分大小写。", "")

const codeSigns = "0123456789abcdefghjkmnpqrstvwxyz"

// ObjectionCode returns a fresh query code: 80 random bits in 16 signs. A form
// carries one from the start, so that the same form sent twice is one case; only
// its hash is kept.
func (d *Desk) ObjectionCode() string {
	var b [16]byte
	if _, err := io.ReadFull(d.Rand, b[:]); err != nil {
		panic("casework: no randomness: " + err.Error())
	}
	for i := range b {
		b[i] = codeSigns[b[i]&31]
	}
	return string(b[:])
}

// readCode returns a query code as it was typed in its one form, or "".
func readCode(s string) string {
	s = strings.ToLower(width.Narrow.String(strings.TrimSpace(s)))
	s = strings.NewReplacer(" ", "", "-", "", "o", "0", "i", "1", "l", "1").Replace(s)
	if len(s) != 16 || strings.Trim(s, codeSigns) != "" {
		return ""
	}
	return s
}

// Receipt is what an objector gets.
type Receipt struct {
	Objection objection.Objection // what the objector may read of it
	Code      string              // grouped by four; shown once
	Publicity publicity.Publicity
	Files     []inquiry.Attachment // sent along so far
	AnswerIn  int                  // working days from the day on which the case is opened; 0: no time is set
}

// FileObjection receives an objection against a candidate from anybody, or from a
// clerk who registers a letter, a call or a visit. code is the form's; the same
// form sent twice gives the same receipt and one case.
func (d *Desk) FileObjection(ctx context.Context, by stage.Actor, key id.Candidate, f objection.Filing, code string) (r Receipt, err error) {
	defer fault.Wrap(&err, "casework.FileObjection(%s)", key)
	now := d.Now()
	if code = readCode(code); code == "" {
		code = d.ObjectionCode()
	}
	var sent bool
	file := func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			e, err := d.fileObjection(tx, by, key, f, code, now)
			return e, err
		})
	}
	if err := d.Store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.ObjectionByCode(hashed(code))
		sent = err == nil && o.Candidate == key
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		return err
	}); err != nil {
		return r, err
	}
	if !sent {
		if err := again(file); err != nil {
			return r, err
		}
	}
	return d.ObjectionStatus(ctx, code)
}

func (d *Desk) fileObjection(tx *store.Tx, by stage.Actor, key id.Candidate, f objection.Filing, code string, now time.Time) (record.Entry, error) {
	c, err := tx.CandidateFor(by, key)
	if err != nil {
		return record.Entry{}, err
	}
	p, err := tx.Publicity(c.Publicity)
	if err != nil {
		return record.Entry{}, err
	}
	if by.Programme != "" && by.Programme != p.Programme {
		return record.Entry{}, fault.Missing()
	}
	o, m, err := objection.File(by, &p, c, f, now)
	if err != nil {
		return record.Entry{}, err
	}
	o.ID = id.New[id.Objection](d.Rand)
	if err := d.afterNaming(tx, o, now); err != nil {
		return record.Entry{}, err
	}
	who := o.Objector(f, hashed(code))
	if like, err := tx.ObjectionLike(who.Fingerprint); err == nil {
		return record.Entry{}, like.Twice()
	} else if fault.KindOf(err) != fault.NotFound {
		return record.Entry{}, err
	}
	cal, err := tx.Calendar()
	if err != nil {
		return record.Entry{}, err
	}
	e := d.objectionEntry(by, o, m, now)
	if o.Report(&p, cal) != "" {
		if m, err = o.Transfer(stage.TheClock, &p, cal); err != nil {
			return record.Entry{}, err
		}
		tx.Also(d.objectionEntry(stage.TheClock, o, m, now))
	}
	if err := tx.PutPublicity(&p); err != nil {
		return record.Entry{}, err
	}
	if err := tx.AddObjection(o); err != nil {
		return record.Entry{}, err
	}
	return e, tx.AddObjector(&who)
}

// afterNaming makes a report of a letter that reaches the office when the
// candidate holds its title already, whenever it was posted: there is nothing
// left to hold up.
func (d *Desk) afterNaming(tx *store.Tx, o *objection.Objection, now time.Time) error {
	a, err := tx.Application(o.Application)
	if err == nil && a.State == application.Named {
		o.ArrivedAt = now
	}
	return err
}

// ObjectionStatus returns what an objector may read with the query code.
func (d *Desk) ObjectionStatus(ctx context.Context, code string) (r Receipt, err error) {
	defer fault.Wrap(&err, "casework.ObjectionStatus")
	code = readCode(code)
	if code == "" {
		return r, errCode.At("code")
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if r.Objection, err = tx.ObjectionByCode(hashed(code)); err != nil {
			if fault.KindOf(err) == fault.NotFound {
				return errCode.At("code")
			}
			return err
		}
		r.Code = strings.Join([]string{code[:4], code[4:8], code[8:12], code[12:]}, "-")
		if r.Files, err = tx.AttachmentsOf(r.Objection.ID, ""); err != nil {
			return err
		}
		r.Publicity, err = tx.Publicity(r.Objection.Publicity)
		r.AnswerIn = r.Publicity.AnswerDays
		return err
	})
	return r, err
}

// WithdrawObjection takes an objection back, by its code. The facts are looked
// into all the same.
func (d *Desk) WithdrawObjection(ctx context.Context, code string) error {
	r, err := d.ObjectionStatus(ctx, code)
	if err != nil {
		return err
	}
	now := d.Now()
	return again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			o, err := tx.Objection(r.Objection.ID)
			if err != nil {
				return record.Entry{}, err
			}
			m, err := o.Withdraw(stage.Anyone, now)
			if err != nil {
				return record.Entry{}, err
			}
			return d.objectionEntry(stage.Anyone, &o, m, now), tx.PutObjection(&o)
		})
	})
}

// AdmitObjection opens a case.
func (d *Desk) AdmitObjection(ctx context.Context, by stage.Actor, key id.Objection) error {
	return d.objectionAct(ctx, by, key, "admit", func(c *objecting) (stage.Move, error) {
		p, err := c.tx.Publicity(c.objection.Publicity)
		if err != nil {
			return stage.Move{}, err
		}
		cal, err := c.tx.Calendar()
		if err != nil {
			return stage.Move{}, err
		}
		return c.objection.Admit(by, &p, cal, c.now)
	})
}

// AssignObjection gives a case to a clerk without an interest in it.
func (d *Desk) AssignObjection(ctx context.Context, by stage.Actor, key id.Objection, to id.Account) error {
	return d.objectionAct(ctx, by, key, "assign", func(c *objecting) (stage.Move, error) {
		h, err := c.handler(to)
		if err != nil {
			return stage.Move{}, err
		}
		return c.objection.Assign(by, h)
	})
}

// handler returns what is known of somebody as the handler of the case; nothing of who is
// no clerk of its programme.
func (c *objecting) handler(who id.Account) (inquiry.Handler, error) {
	all, err := handlersOf(c.tx, c.objection)
	return among(all, who), err
}

// among returns who has an account of those who might handle a case; or nobody.
func among(all []inquiry.Handler, who id.Account) inquiry.Handler {
	for _, h := range all {
		if h.Account == who {
			return h
		}
	}
	return inquiry.Handler{}
}

// handlersOf lists the clerks of a programme, each with what keeps them from a
// case: a tie to the organisation, or that they examined its application.
func handlersOf(tx *store.Tx, o *objection.Objection) (all []inquiry.Handler, err error) {
	clerks, err := tx.AccountsWith(stage.Clerk, o.Programme)
	if err != nil {
		return nil, err
	}
	ties, err := tx.InterestsIn(o.Organisation)
	if err != nil {
		return nil, err
	}
	r, err := tx.ReviewOf(o.Application)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	for _, a := range clerks {
		h := inquiry.Handler{Account: a.ID, Name: a.Name, Interest: ties[a.ID]}
		if h.Interest == "" && r.Reviewer == a.ID {
			h.Interest = "初审过本件申报"
		}
		all = append(all, h)
	}
	return all, nil
}

// AskObjection asks the organisation concerned for its word, without telling who
// objected.
func (d *Desk) AskObjection(ctx context.Context, by stage.Actor, key id.Objection, question string, days int) error {
	return d.objectionAct(ctx, by, key, "ask", func(c *objecting) (stage.Move, error) {
		who, err := c.tx.Objector(key)
		if err != nil {
			return stage.Move{}, err
		}
		cal, err := c.tx.Calendar()
		if err != nil {
			return stage.Move{}, err
		}
		h, err := c.handler(by.Account)
		if err != nil {
			return stage.Move{}, err
		}
		return c.objection.Ask(by, h, who, question, days, cal, c.now)
	})
}

// ReplyObjection is the organisation's word.
func (d *Desk) ReplyObjection(ctx context.Context, by stage.Actor, key id.Objection, text string) error {
	return d.objectionAct(ctx, by, key, "reply", func(c *objecting) (stage.Move, error) {
		return c.objection.GiveReply(by, text, c.now)
	})
}

// ConcludeObjection says whether an objection holds.
func (d *Desk) ConcludeObjection(ctx context.Context, by stage.Actor, key id.Objection, f objection.Conclusion) error {
	return d.objectionAct(ctx, by, key, "conclude", func(c *objecting) (stage.Move, error) {
		who, err := c.tx.Objector(key)
		if err != nil {
			return stage.Move{}, err
		}
		h, err := c.handler(by.Account)
		if err != nil {
			return stage.Move{}, err
		}
		return c.objection.Conclude(by, h, who, f, c.now)
	})
}

// SendBackObjection has a case looked into again.
func (d *Desk) SendBackObjection(ctx context.Context, by stage.Actor, key id.Objection, reason string) error {
	return d.objectionAct(ctx, by, key, "send_back", func(c *objecting) (stage.Move, error) {
		return c.objection.SendBack(by, reason)
	})
}

// AnswerObjection tells the objector how it ended. With the answer an unfounded
// one is settled, and its candidate is cleared when nothing else stands in the
// way (S58).
func (d *Desk) AnswerObjection(ctx context.Context, by stage.Actor, key id.Objection, text string) error {
	return d.objectionAct(ctx, by, key, "answer", func(c *objecting) (stage.Move, error) {
		m, err := c.objection.GiveAnswer(by, text, c.now)
		if err != nil {
			return m, err
		}
		c.settled = true
		return m, nil
	})
}

// settle clears the candidate of an objection that was settled.
func (d *Desk) settle(tx *store.Tx, o *objection.Objection, now time.Time) error {
	c, err := tx.CandidateOf(o.Application)
	if err != nil {
		return err
	}
	p, err := tx.Publicity(c.Publicity)
	if err != nil {
		return err
	}
	return d.clear(tx, &p, &c, now)
}

// objectionMatter is how a founded objection comes before the committee again,
// and what its decision does: carried, the objection stands and its candidate is
// out; lost, it counts as none (S58).
func (d *Desk) objectionMatter() matter {
	facts := func(o objection.Objection) item.Facts {
		return item.Facts{
			Subject: item.Subject{Kind: objection.Kind.Name, ID: string(o.ID)}, Programme: o.Programme, Organisation: o.Organisation,
			Title: "认定" + o.Label() + "成立，取消" + o.Name + "拟命名资格", Waiting: o.State == objection.Founded, Reviewed: true, Visited: true,
		}
	}
	return matter{
		facts: func(tx *store.Tx, key string) (item.Facts, error) {
			o, err := tx.Objection(id.Objection(key))
			return facts(o), err
		},
		waiting: func(tx *store.Tx, p id.Programme, _ id.Round) (all []item.Facts, err error) {
			waiting, err := tx.ObjectionsWaiting(p)
			for _, o := range waiting {
				all = append(all, facts(o))
			}
			return all, err
		},
		decided: d.objectionDecided,
	}
}

func (d *Desk) objectionDecided(tx *store.Tx, by stage.Actor, i item.Item, upheld bool, now time.Time) error {
	o, err := tx.Objection(id.Objection(i.Subject.ID))
	if err != nil {
		return err
	}
	m, err := o.Decide(by, i.ID, upheld)
	if err != nil {
		return err
	}
	tx.Also(d.objectionEntry(by, &o, m, now))
	if err := tx.PutObjection(&o); err != nil {
		return err
	}
	if !upheld {
		return d.settle(tx, &o, now)
	}
	c, err := tx.CandidateOf(o.Application)
	if err != nil {
		return err
	}
	if c.State == publicity.Listed || c.State == publicity.Cleared {
		if m, err = c.Uphold(by, i.ID, now); err != nil {
			return err
		}
		tx.Also(d.candidateEntry(by, &c, m, now))
		if err := tx.PutCandidate(&c); err != nil {
			return err
		}
	}
	return d.passOver(tx, by, o.Application, now)
}

// passOver ends the application of a candidate against whom an objection was
// upheld. One that ended otherwise stays as it is.
func (d *Desk) passOver(tx *store.Tx, by stage.Actor, key id.Application, now time.Time) error {
	const reason = "公示期间的异议经会议复议成立"
	a, err := tx.Application(key)
	if err != nil {
		return err
	}
	var m stage.Move
	switch a.State {
	case application.Underway:
		m, err = a.PassOver(by, reason, now)
	case application.Selected:
		m, err = a.Disqualify(by, reason, now)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	e := d.entry(by, application.Kind, string(a.ID), m, now)
	e.Programme = a.Programme
	tx.Also(e)
	return tx.PutApplication(&a)
}

// objecting is what an act on an objection gets.
type objecting struct {
	tx        *store.Tx
	objection *objection.Objection
	now       time.Time
	settled   bool // nothing of it is open any more: its candidate may go on
}

// objectionAct runs one move of an objection that the actor may see.
func (d *Desk) objectionAct(ctx context.Context, by stage.Actor, key id.Objection, act string, do func(*objecting) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: objection.%s(%s)", act, key)
	now := d.Now()
	return again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			if _, err := tx.ObjectionFor(by, key); err != nil {
				return record.Entry{}, err
			}
			o, err := tx.Objection(key)
			if err != nil {
				return record.Entry{}, err
			}
			c := &objecting{tx: tx, objection: &o, now: now}
			m, err := do(c)
			if err != nil {
				return record.Entry{}, err
			}
			e := d.objectionEntry(by, &o, m, now)
			if err := tx.PutObjection(&o); err != nil || !c.settled {
				return e, err
			}
			return e, d.settle(tx, &o, now)
		})
	})
}

// objectionEntry is the line of the record for a move of an objection. It tells
// neither who objected nor against whom.
func (d *Desk) objectionEntry(by stage.Actor, o *objection.Objection, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, objection.Kind, string(o.ID), m, now)
	if by.Role == stage.Applicant {
		e.By = "" // the account would tell against whom
	}
	e.Programme = o.Programme
	e.Facts = map[string]string{"publicity": string(o.Publicity), "number": strconv.Itoa(o.Number)}
	return e
}
