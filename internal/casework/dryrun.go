package casework

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

var (
	errDryProgramme = fault.Define(fault.Invalid, "score.dry_run.programme",
		"文件是方案“%s”的，这一届办的是“%s”。换成同一方案改过的文件。", "")
	errDryUnasked = fault.Define(fault.Refused, "score.dry_run.unasked",
		"改过的方案里，指标 %s 当时没有在这个环节打过分，算不出这一届的结果。试算只能改合格分、最低分、权重、否决项和申报条件。", "")
)

// DryRun is what a changed programme would have meant for a past round. Nothing of it is
// kept.
type DryRun struct {
	Round   round.Round
	Changed []string  // what the file says otherwise, in words; empty: nothing
	Lines   []DryLine // those judged by then, in the order of their numbers
	Open    int       // applications that were not judged to the end, which cannot be told
	Partial bool      // some are left out because of the viewer's interests
	Tried   *programme.Programme
}

// DryLine is one application: what spoke against it then, and what would have.
type DryLine struct {
	Application    application.Application
	Was, Would     []string // empty: nothing
	WasSum, Points string   // totals, exact; empty where nothing is scored
}

// Differs reports whether the outcome would have been another: something spoke against it
// in one case only.
func (l DryLine) Differs() bool { return (len(l.Was) == 0) != (len(l.Would) == 0) }

// Differing counts the applications whose outcome would have been another.
func (r DryRun) Differing() (n int) {
	for _, l := range r.Lines {
		if l.Differs() {
			n++
		}
	}
	return n
}

// TryProgramme applies a changed programme file to what review and visit found in a past
// round, and says what would have come out. It writes nothing.
func (d *Desk) TryProgramme(ctx context.Context, by stage.Actor, key id.Round, file []byte) (v DryRun, err error) {
	defer fault.Wrap(&err, "casework.TryProgramme(%s)", key)
	if _, err := d.DryRunRound(ctx, by, key); err != nil {
		return v, err // before the file is read: what is said of it would tell that the round is there
	}
	p, problems := format.Read([]byte(strings.ReplaceAll(string(file), "\r\n", "\n")))
	if len(problems) > 0 {
		return v, errProgrammeFile.At("file", len(problems), problems[0].Line, problems[0].Say)
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Round, err = dryRound(tx, by, key); err != nil {
			return err
		}
		old, err := tx.ProgrammeOf(key)
		if err != nil {
			return err
		}
		if p.Name != old.Name {
			return errDryProgramme.At("file", p.Title, old.Title)
		}
		was, would := score.RuleOf(old, v.Round.Year), score.RuleOf(p, v.Round.Year)
		if codes := assessment.Unasked(would, was); len(codes) > 0 {
			return errDryUnasked.At("file", strings.Join(codes, "、"))
		}
		v.Tried, v.Changed = p, changed(old, p)
		all, hidden, err := tx.ReceivedIn(by, key)
		if err != nil {
			return err
		}
		v.Partial = hidden
		slices.SortStableFunc(all, func(a, b application.Application) int { return strings.Compare(a.Number, b.Number) })
		for _, a := range all {
			if err := d.try(tx, &v, a, old, was, would); err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}

// changed lists what a programme says otherwise than another, in words.
func changed(old, now *programme.Programme) (lines []string) {
	before := strings.Split(words.Show(old), "\n")
	for i, l := range strings.Split(words.Show(now), "\n") {
		if i > 0 && l != "" && !slices.Contains(before, l) { // the first line has the version
			lines = append(lines, strings.TrimSpace(l))
		}
	}
	return lines
}

// DryRunRound returns the round that a changed programme may be tried on: a round of the
// own programme, for those of the office, the chair and auditors.
func (d *Desk) DryRunRound(ctx context.Context, by stage.Actor, key id.Round) (r round.Round, err error) {
	defer fault.Wrap(&err, "casework.DryRunRound(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		r, err = dryRound(tx, by, key)
		return err
	})
	return r, err
}

func dryRound(tx *store.Tx, by stage.Actor, key id.Round) (round.Round, error) {
	r, err := tx.RoundFor(by, key)
	if err != nil {
		return r, err
	}
	if ok, err := reportsOn(tx, by, r); err != nil || !ok || by.Role == stage.Member {
		return r, cmp.Or(err, error(fault.Missing()))
	}
	return r, nil
}

// try judges one application by both rules.
func (d *Desk) try(tx *store.Tx, v *DryRun, a application.Application, old *programme.Programme, was, would score.Rule) error {
	r, err := tx.ReviewOf(a.ID)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	var w visit.Visit
	visited := slices.Contains(old.Procedure, visit.Kind.Name)
	if visited {
		if w, err = tx.VisitOf(a.ID); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	if r.State != review.Confirmed || visited && w.State != visit.Signed {
		v.Open++
		return nil
	}
	line := DryLine{Application: a}
	if line.Was, line.WasSum, err = d.against(tx, v.Round, a, old, was, r, w); err != nil {
		return err
	}
	if line.Would, line.Points, err = d.against(tx, v.Round, a, v.Tried, would, r, w); err != nil {
		return err
	}
	v.Lines = append(v.Lines, line)
	return nil
}

func (d *Desk) against(tx *store.Tx, e round.Round, a application.Application, p *programme.Programme, rule score.Rule, r review.Review, w visit.Visit) (why []string, sum string, err error) {
	checks, err := d.eligibleFor(tx, a.Organisation, p, e.LastDay)
	if err != nil {
		return nil, "", err
	}
	var crossed []string
	for _, k := range checks {
		if k.Rule.RedLine && k.Verdict == programme.Fails {
			crossed = append(crossed, k.Rule.Title)
		}
	}
	c := assessment.Criteria{Indicators: p.Indicators(e.Year), Rule: rule, Given: r.Findings}
	if rule.Scores() {
		sum = score.Said(rule.Sum(c.Points(w.Findings)).Total)
	}
	return assessment.Against(c, w.Findings, crossed), sum, nil
}
