package casework

import (
	"context"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// StartApplication begins an application of the applicant's organisation in a
// round (S44). body may be empty when one Party organisation covers it.
func (d *Desk) StartApplication(ctx context.Context, by stage.Actor, key id.Round, body id.PartyBody) (started id.Application, err error) {
	defer fault.Wrap(&err, "casework.StartApplication(%s)", key)
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, err := tx.RoundFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		if by.Organisation == "" || by.Programme != "" && by.Programme != r.Programme {
			return record.Entry{}, fault.Missing()
		}
		f, err := filingFacts(tx, r, by.Organisation)
		if err != nil {
			return record.Entry{}, err
		}
		a, m, err := application.Start(by, f, body, now)
		if err != nil {
			return record.Entry{}, err
		}
		a.ID = id.New[id.Application](d.Rand)
		started = a.ID
		return d.applicationEntry(by, a, m, now), tx.AddApplication(a)
	})
	return started, err
}

// filingFacts gathers what starting and submitting in a round depend on.
func filingFacts(tx *store.Tx, r round.Round, o id.Organisation) (f application.Facts, err error) {
	f.Round = &r
	if f.Programme, err = tx.ProgrammeOf(r.ID); err != nil {
		return f, err
	}
	profile, err := tx.ProfileOf(o)
	if err != nil {
		return f, err
	}
	f.Organisation, f.Bodies = profile.Organisation, profile.Bodies
	if f.Others, err = tx.RivalsOf(r.ID, o, f.Bodies); err != nil {
		return f, err
	}
	f.Filed, err = tx.FiledIn(r.ID)
	return f, err
}

// factsOfApplication gathers the same for an application that is there.
func factsOfApplication(tx *store.Tx, a *application.Application) (application.Facts, error) {
	r, err := tx.Round(a.Round)
	if err != nil {
		return application.Facts{}, err
	}
	f, err := filingFacts(tx, r, a.Organisation)
	if err == nil {
		f.Files, err = briefsOf(tx, a)
	}
	return f, err
}

// factsOfSaving gathers what keeping a part of a draft depends on. A page saves every few
// seconds, so what only another Party organisation would be asked for is read only
// then (answer.Part.Chooses), and of the organisation what is printed of it.
func factsOfSaving(tx *store.Tx, a *application.Application, in answer.Part) (f application.Facts, err error) {
	if in.Chooses(a.Body) {
		return factsOfApplication(tx, a)
	}
	r, err := tx.Round(a.Round)
	if err != nil {
		return f, err
	}
	o, err := tx.OrganisationNamed(a.Organisation)
	if err != nil {
		return f, err
	}
	f.Round, f.Organisation = &r, &o
	f.Programme, err = tx.ProgrammeOf(a.Round)
	return f, err
}

// SaveApplication keeps a part of a draft. The version is the one that the
// writer saw; 0 when nobody else can have changed it. It is not asked where the
// part says of each piece what the writer saw of it: then only what two clerks
// changed both is a conflict.
func (d *Desk) SaveApplication(ctx context.Context, by stage.Actor, key id.Application, version int64, in answer.Part) error {
	return d.saveApplication(ctx, by, key, version, func(*store.Tx, *application.Application) (answer.Part, error) { return in, nil })
}

// SaveForm is SaveApplication for what was filled in on a form, which can be read only by
// the criteria that it asks: read gets those of the application's round. It may be called
// again when the change is tried again.
func (d *Desk) SaveForm(ctx context.Context, by stage.Actor, key id.Application, version int64, read func([]programme.Group) (answer.Part, error)) error {
	return d.saveApplication(ctx, by, key, version, func(tx *store.Tx, a *application.Application) (in answer.Part, err error) {
		p, err := tx.ProgrammeOf(a.Round)
		if err != nil {
			return in, err
		}
		r, err := tx.Round(a.Round)
		if err != nil {
			return in, err
		}
		return read(groupsIn(p, r.Year))
	})
}

func (d *Desk) saveApplication(ctx context.Context, by stage.Actor, key id.Application, version int64, read func(*store.Tx, *application.Application) (answer.Part, error)) error {
	return d.applicationAct(ctx, by, key, "save", func(tx *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
		in, err := read(tx, a)
		if err != nil {
			return stage.Move{}, err
		}
		f, err := factsOfSaving(tx, a, in)
		if err != nil {
			return stage.Move{}, err
		}
		if version != 0 && version != a.Version && a.State == application.Draft && !in.Placed() {
			return stage.Move{}, fault.Stale()
		}
		return a.Save(by, f, in, now)
	})
}

// CarryApplication takes over what the organisation answered in its last
// application under the programme, where the draft is still empty, with the files of
// those answers. What comes over waits for somebody to confirm it. It returns the names
// of the files that stayed behind.
func (d *Desk) CarryApplication(ctx context.Context, by stage.Actor, key id.Application) (left []string, err error) {
	err = d.applicationAct(ctx, by, key, "carry", func(tx *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
		f, err := factsOfApplication(tx, a)
		if err != nil {
			return stage.Move{}, err
		}
		from, year, err := former(tx, a)
		if err != nil {
			return stage.Move{}, err
		}
		files, m, err := a.Carry(by, f, &from, year, now)
		if err == nil {
			left, err = d.carryFiles(tx, by, a, m, &from, files, year, now)
		}
		return m, err
	})
	return left, err
}

// carryFiles puts files of an earlier application under the same indicators of a later
// one. One with a virus, or for which there is no room any more, stays behind.
func (d *Desk) carryFiles(tx *store.Tx, by stage.Actor, a *application.Application, m stage.Move, from *application.Application, files map[string][]answer.File, year int, now time.Time) (left []string, err error) {
	old, err := tx.FilesOf(from.ID)
	if err != nil {
		return nil, err
	}
	bySum := map[string]file.File{}
	for _, f := range old {
		bySum[f.SHA256] = f
	}
	for _, code := range slices.Sorted(maps.Keys(files)) {
		for _, brief := range files[code] {
			again, ok := bySum[brief.SHA256].Again(id.New[id.File](d.Rand), a, by, d.Files.Scanner != nil, now)
			if !ok {
				left = append(left, brief.Name)
				continue
			}
			f, err := d.place(tx, again, code, year, now)
			if refusal(err) {
				left = append(left, brief.Name)
				continue
			}
			if err != nil {
				return nil, err
			}
			tx.Also(d.fileEntry(by, a, m, code, f.File, now))
		}
	}
	return left, nil
}

// former returns the last application of the same organisation under the same
// programme in which anything was answered, with the year of its round. One that
// was withdrawn or came too late is one too. Where there is none, it is the draft
// itself, from which nothing can be carried over.
func former(tx *store.Tx, a *application.Application) (from application.Application, year int, err error) {
	all, err := tx.ApplicationsBy(a.Organisation, a.Programme)
	if err != nil {
		return from, 0, err
	}
	for _, o := range all {
		if o.ID == a.ID || len(o.Answers) == 0 {
			continue
		}
		if !o.Filed() { // what was submitted names its files itself
			briefs, err := briefsOf(tx, &o)
			if err != nil {
				return o, 0, err
			}
			c := o.Content()
			c.Attach(briefs)
			o.Answers = c.Answers
		}
		r, err := tx.Round(o.Round)
		return o, r.Year, err
	}
	return application.Application{Organisation: a.Organisation, Programme: a.Programme}, 0, nil
}

// SubmissionKey returns a fresh key for a submission form, by which the same form
// sent twice is known.
func (d *Desk) SubmissionKey() string {
	var b [16]byte
	if _, err := io.ReadFull(d.Rand, b[:]); err != nil {
		panic("casework: no randomness: " + err.Error())
	}
	return hex.EncodeToString(b[:])
}

// SubmitApplication files an application (S45). The same form sent twice is one
// submission: the second time nothing happens, and nothing is wrong.
func (d *Desk) SubmitApplication(ctx context.Context, by stage.Actor, key id.Application, version int64, submission string) error {
	err := d.applicationAct(ctx, by, key, "submit", func(tx *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
		f, err := factsOfApplication(tx, a)
		if err != nil {
			return stage.Move{}, err
		}
		if version != 0 && version != a.Version && a.State == application.Draft {
			return stage.Move{}, fault.Stale()
		}
		return a.Submit(by, f, submission, now)
	})
	if err == nil {
		return nil
	}
	same := false
	seen := d.Store.View(ctx, func(tx *store.Tx) error {
		a, err := tx.ApplicationFor(by, key)
		same = by.Role == stage.Applicant && a.Filed() && a.Submission == submission
		return err
	})
	if seen == nil && same {
		return nil
	}
	return err
}

// ProveApplication proves that the submission stands in the record, as record
// verify and other programs read it. Who asks right after submitting does not wait
// for the sequencer.
func (d *Desk) ProveApplication(ctx context.Context, by stage.Actor, key id.Application) (p record.Proof, err error) {
	defer fault.Wrap(&err, "casework.ProveApplication(%s)", key)
	read := func(tx *store.Tx) error {
		a, err := tx.ApplicationFor(by, key)
		if err == nil && !a.Filed() {
			err = fault.Missing()
		}
		if err == nil {
			p, err = tx.ProveAct(by, string(key), "application.submit")
		}
		return err
	}
	if err := d.Store.View(ctx, read); fault.KindOf(err) != fault.NotFound || err == nil {
		return p, err
	}
	if err := d.Store.Sequence(ctx); err != nil {
		return p, err
	}
	return p, d.Store.View(ctx, read)
}

// DiscardApplication gives up a draft.
func (d *Desk) DiscardApplication(ctx context.Context, by stage.Actor, key id.Application) error {
	return d.applicationAct(ctx, by, key, "discard", func(_ *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
		return a.Discard(by, now)
	})
}

// WithdrawApplication takes back what was submitted, until the deadline and until it is
// accepted.
func (d *Desk) WithdrawApplication(ctx context.Context, by stage.Actor, key id.Application) error {
	return d.applicationAct(ctx, by, key, "withdraw", func(tx *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
		r, err := tx.Round(a.Round)
		if err != nil {
			return stage.Move{}, err
		}
		return a.Withdraw(by, &r, now)
	})
}

// AcceptApplication takes an application in and opens the first stage that its
// round prescribes.
func (d *Desk) AcceptApplication(ctx context.Context, by stage.Actor, key id.Application) error {
	return d.applicationAct(ctx, by, key, "accept", func(tx *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
		m, err := a.Accept(by, now)
		if err != nil {
			return m, err
		}
		p, err := tx.ProgrammeOf(a.Round)
		if err != nil {
			return m, err
		}
		return m, d.begin(tx, a, lifecycle.Procedure(p.Procedure).First(), now)
	})
}

// DeclineApplication refuses what is not within the programme at all (不予受理).
func (d *Desk) DeclineApplication(ctx context.Context, by stage.Actor, key id.Application, reason string) error {
	return d.applicationAct(ctx, by, key, "decline", func(tx *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
		checks, err := d.eligibilityOf(tx, a)
		if err != nil {
			return stage.Move{}, err
		}
		return a.Decline(by, application.Outside(checks), reason, now)
	})
}

// RequestCorrection tells the applicant once everything that is missing (S46).
func (d *Desk) RequestCorrection(ctx context.Context, by stage.Actor, key id.Application, defects []application.Defect) error {
	return d.applicationAct(ctx, by, key, "request_correction", func(tx *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
		r, err := tx.Round(a.Round)
		if err != nil {
			return stage.Move{}, err
		}
		p, err := tx.ProgrammeOf(a.Round)
		if err != nil {
			return stage.Move{}, err
		}
		c, err := tx.Calendar()
		if err != nil {
			return stage.Move{}, err
		}
		return a.RequestCorrection(by, p, &r, c, defects, now)
	})
}

// CorrectApplication answers the notice of defects, once.
func (d *Desk) CorrectApplication(ctx context.Context, by stage.Actor, key id.Application, version int64, in answer.Part) error {
	return d.applicationAct(ctx, by, key, "correct", func(tx *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
		r, err := tx.Round(a.Round)
		if err != nil {
			return stage.Move{}, err
		}
		p, err := tx.ProgrammeOf(a.Round)
		if err != nil {
			return stage.Move{}, err
		}
		if version != 0 && version != a.Version && a.State == application.Correcting {
			return stage.Move{}, fault.Stale()
		}
		if in.Files, err = briefsOf(tx, a); err != nil {
			return stage.Move{}, err
		}
		return a.Correct(by, p, &r, in, now)
	})
}

// forfeitDrafts forfeits what is still a draft at the deadline of its round (S45).
func (d *Desk) forfeitDrafts(ctx context.Context, now time.Time) (int, error) {
	return d.eachApplication(ctx, "forfeit", func(tx *store.Tx) ([]application.Application, error) { return tx.DraftsDue(now) },
		func(tx *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
			r, err := tx.Round(a.Round)
			if err != nil {
				return stage.Move{}, err
			}
			return a.Forfeit(stage.TheClock, &r, now)
		})
}

// lapseCorrections ends the corrections that were not answered in time.
func (d *Desk) lapseCorrections(ctx context.Context, now time.Time) (int, error) {
	return d.eachApplication(ctx, "lapse", func(tx *store.Tx) ([]application.Application, error) { return tx.CorrectionsDue(now) },
		func(_ *store.Tx, a *application.Application, now time.Time) (stage.Move, error) {
			return a.Lapse(stage.TheClock, now)
		})
}

// eachApplication lets the clock act on every application that is due, each in a
// change of its own. What another node did meanwhile is passed over.
func (d *Desk) eachApplication(ctx context.Context, act string, due func(*store.Tx) ([]application.Application, error), do func(*store.Tx, *application.Application, time.Time) (stage.Move, error)) (int, error) {
	return dueActs(ctx, d, due, func(a application.Application) error {
		return d.applicationAct(ctx, stage.TheClock, a.ID, act, do)
	})
}

// applicationAct runs one move of an application: it loads it as the actor may
// see it, lets do decide, and saves it with its line in the record.
func (d *Desk) applicationAct(ctx context.Context, by stage.Actor, key id.Application, act string, do func(*store.Tx, *application.Application, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: application.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		read := tx.ApplicationFor
		if by.Role == stage.Clock {
			read = func(_ stage.Actor, key id.Application) (application.Application, error) { return tx.Application(key) }
		}
		a, err := read(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := do(tx, &a, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.applicationEntry(by, &a, m, now), tx.PutApplication(&a)
	})
}

// applicationEntry is the line of the record for a move of an application. Of a
// draft it says nothing; of what was submitted its number and digest, and of a
// notice of defects how many there are and until when.
func (d *Desk) applicationEntry(by stage.Actor, a *application.Application, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, application.Kind, string(a.ID), m, now)
	e.Programme = a.Programme
	e.Facts = map[string]string{"round": string(a.Round)}
	if a.Filed() {
		e.Facts["number"], e.Facts["digest"] = a.Number, a.Digest
	}
	if m.Act == "request_correction" {
		e.Facts["due"] = a.Correction.Due.UTC().Format(time.RFC3339)
	}
	if a.Stage != "" {
		e.Facts["stage"] = a.Stage
	}
	return e
}

// eligibilityOf applies the rules of an application's programme to its
// organisation, as of the last day of filing, with what the office found.
func (d *Desk) eligibilityOf(tx *store.Tx, a *application.Application) ([]ruling.Check, error) {
	p, err := tx.ProgrammeOf(a.Round)
	if err != nil {
		return nil, err
	}
	r, err := tx.Round(a.Round)
	if err != nil {
		return nil, err
	}
	return d.eligibleFor(tx, a.Organisation, p, r.LastDay)
}
