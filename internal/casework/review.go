package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// openReview begins the review of an application and gives it to the clerk with
// the least to do who has no interest (办法(二)).
func (d *Desk) openReview(tx *store.Tx, a *application.Application, now time.Time) error {
	p, err := tx.ProgrammeOf(a.Round)
	if err != nil {
		return err
	}
	r, err := tx.Round(a.Round)
	if err != nil {
		return err
	}
	c, err := tx.Calendar()
	if err != nil {
		return err
	}
	loads, err := tx.ReviewLoads(a.Programme)
	if err != nil {
		return err
	}
	ties, err := tiesOn(tx, p, a.Organisation, calendar.DateOf(now))
	if err != nil {
		return err
	}
	v := review.Opened(*a, p.Review, r.LastDay, c, review.Balanced(loads, ties), now)
	v.ID = id.New[id.Review](d.Rand)
	tx.Also(d.reviewEntry(stage.TheClock, &v, stage.Move{Act: "begin", By: stage.Clock, To: review.Open, Basis: "办法(二) 对申报材料进行初审"}, now))
	return tx.AddReview(&v)
}

// AssignReview gives a review to one of the office's clerks.
func (d *Desk) AssignReview(ctx context.Context, by stage.Actor, key id.Review, who id.Account) error {
	return d.reviewAct(ctx, by, key, 0, "assign", func(c *reviewing) (stage.Move, error) {
		loads, err := c.tx.ReviewLoads(c.review.Programme)
		if err != nil {
			return stage.Move{}, err
		}
		return c.review.Assign(by, who, loads, c.ties)
	})
}

// SaveReview keeps an unfinished judgement. The version is the one that the
// writer saw; 0 when nobody else can have changed it.
func (d *Desk) SaveReview(ctx context.Context, by stage.Actor, key id.Review, version int64, j review.Judgement) error {
	return d.reviewAct(ctx, by, key, version, "save", func(c *reviewing) (stage.Move, error) {
		return c.review.Save(by, c.indicators, j, c.ties)
	})
}

// DraftReview hands a finished judgement to the second person.
func (d *Desk) DraftReview(ctx context.Context, by stage.Actor, key id.Review, version int64, j review.Judgement) error {
	return d.reviewAct(ctx, by, key, version, "draft", func(c *reviewing) (m stage.Move, err error) {
		if j.Crossed, err = d.crossed(c); err != nil {
			return m, err
		}
		e, err := c.tx.Round(c.review.Round)
		if err != nil {
			return m, err
		}
		return c.review.Draft(by, c.indicators, score.RuleOf(c.programme, e.Year), j, c.ties, c.now)
	})
}

// crossed lists the red lines among the conditions that the applicant does not meet
// as of the round's deadline, what the office found otherwise taken into account.
func (d *Desk) crossed(c *reviewing) (titles []string, err error) {
	r, err := c.tx.Round(c.review.Round)
	if err != nil {
		return nil, err
	}
	checks, err := d.eligibleFor(c.tx, c.review.Organisation, c.programme, r.LastDay)
	for _, k := range checks {
		if k.Rule.RedLine && k.Verdict == programme.Fails {
			titles = append(titles, k.Rule.Title)
		}
	}
	return titles, err
}

// SendBackReview returns a draft to its reviewer.
func (d *Desk) SendBackReview(ctx context.Context, by stage.Actor, key id.Review, version int64, remark string) error {
	return d.reviewAct(ctx, by, key, version, "send_back", func(c *reviewing) (stage.Move, error) {
		return c.review.SendBack(by, remark, c.programme.Review, c.ties)
	})
}

// ConfirmReview makes a draft the office's opinion, and the application goes on.
func (d *Desk) ConfirmReview(ctx context.Context, by stage.Actor, key id.Review, version int64) error {
	return d.reviewAct(ctx, by, key, version, "confirm", func(c *reviewing) (stage.Move, error) {
		m, err := c.review.Confirm(by, c.programme.Review, c.ties, c.now)
		if err != nil {
			return m, err
		}
		return m, d.goOn(c.tx, c.review.Application, c.review.State, c.now)
	})
}

// DeclareReviewInterest keeps the actor's tie to an applicant. From then on the
// applicant's files are hidden from them.
func (d *Desk) DeclareReviewInterest(ctx context.Context, by stage.Actor, key id.Review, reason string) error {
	return d.reviewAct(ctx, by, key, 0, "declare", func(c *reviewing) (stage.Move, error) {
		i, m, err := c.review.Declare(by, reason, c.now)
		if err != nil {
			return m, err
		}
		return m, c.tx.AddInterest(&i)
	})
}

// goOn takes an application to its next stage after one that ended in the given
// state.
func (d *Desk) goOn(tx *store.Tx, key id.Application, ended stage.State, now time.Time) error {
	a, err := tx.Application(key)
	if err != nil {
		return err
	}
	p, err := tx.ProgrammeOf(a.Round)
	if err != nil {
		return err
	}
	if err := d.advance(tx, &a, lifecycle.Procedure(p.Procedure), ended, now); err != nil {
		return err
	}
	return tx.PutApplication(&a)
}

// endReviews ends the reviews whose application left the stage otherwise.
func (d *Desk) endReviews(ctx context.Context, _ time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]review.Review, error) { return tx.ReviewsLeft() }, func(r review.Review) error {
		return d.reviewAct(ctx, stage.TheClock, r.ID, 0, "end", func(c *reviewing) (stage.Move, error) {
			a, err := c.tx.Application(c.review.Application)
			if err != nil {
				return stage.Move{}, err
			}
			return c.review.End(stage.TheClock, a, c.now)
		})
	})
}

// reviewing is what an act on a review gets.
type reviewing struct {
	tx         *store.Tx
	review     *review.Review
	programme  *programme.Programme
	indicators []programme.Indicator // those that count in the round's year
	ties       review.Interests
	now        time.Time
}

// reviewAct runs one move of a review as the actor may see it.
func (d *Desk) reviewAct(ctx context.Context, by stage.Actor, key id.Review, version int64, act string, do func(*reviewing) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: review.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		c, err := reviewingAs(tx, by, key, now)
		if err != nil {
			return record.Entry{}, err
		}
		if version != 0 && version != c.review.Version {
			return record.Entry{}, fault.Stale()
		}
		m, err := do(c)
		if err != nil {
			return record.Entry{}, err
		}
		return d.reviewEntry(by, c.review, m, now), tx.PutReview(c.review)
	})
}

// reviewingAs gathers what an act on a review gets, as the actor may see it.
func reviewingAs(tx *store.Tx, by stage.Actor, key id.Review, now time.Time) (*reviewing, error) {
	r, err := tx.Review(key)
	if err == nil && by.Role != stage.Clock {
		r, err = tx.ReviewFor(by, key)
	}
	if err != nil {
		return nil, err
	}
	c := &reviewing{tx: tx, review: &r, now: now}
	if c.programme, c.indicators, err = criteriaOf(tx, r.Round); err != nil {
		return nil, err
	}
	c.ties, err = tiesOn(tx, c.programme, r.Organisation, calendar.DateOf(now))
	return c, err
}

// criteriaOf returns the programme that a round froze and the indicators that
// count in its year.
func criteriaOf(tx *store.Tx, key id.Round) (*programme.Programme, []programme.Indicator, error) {
	r, err := tx.Round(key)
	if err != nil {
		return nil, nil, err
	}
	p, err := tx.ProgrammeOf(key)
	if err != nil {
		return nil, nil, err
	}
	return p, p.Indicators(r.Year), nil
}

// reviewEntry is the line of the record for a move of a review. It says when the
// review is due and never what it says.
func (d *Desk) reviewEntry(by stage.Actor, r *review.Review, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, review.Kind, string(r.ID), m, now)
	e.Programme = r.Programme
	e.Facts = map[string]string{"application": string(r.Application), "due": r.DueOn.String(), "calendar": r.CalendarVersion}
	return e
}

// ReviewLine is one line of the list of reviews.
type ReviewLine struct {
	Review      review.Review
	Application application.Application
	Reviewer    string // name; empty when nobody has it
	Overdue     bool
	Left        int  // working days until it is due
	LeftKnown   bool // false: a year between has no arrangement yet
	Mine        bool // the viewer is to act on it now
}

// ReviewFilter is the store's, so that the doors need not know the store.
type ReviewFilter = store.ReviewFilter

// ReviewList is the office's list of reviews.
type ReviewList struct {
	Lines  []ReviewLine
	Total  int                 // on all pages
	More   bool                // there are more than Total: a search is counted only so far
	States map[stage.State]int // how many of each state the viewer sees, whatever the filter's states are
	Late   int                 // overdue ones
	Rounds []round.Round       // whose report the viewer may read
	Now    time.Time
}

// Reviews lists the reviews that the viewer may see, the next due first.
func (d *Desk) Reviews(ctx context.Context, by stage.Actor, f ReviewFilter) (v ReviewList, err error) {
	defer fault.Wrap(&err, "casework.Reviews")
	v.Now, v.States = d.Now(), map[stage.State]int{}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if f.Query != "" {
			if f.Found, err = tx.Find(f.Query); err != nil {
				return err
			}
		}
		if v.Lines, err = d.reviewLines(tx, by, f); err != nil {
			return err
		}
		if v.Total = len(v.Lines); f.After != "" || f.Limit <= 0 || v.Total >= f.Limit { // the page does not show all
			if v.Total, v.More, err = tx.CountReviews(by, f); err != nil {
				return err
			}
		}
		if v.States, v.Late, err = tx.CountReviewStates(by, f.Round, calendar.DateOf(v.Now)); err != nil {
			return err
		}
		if v.Rounds, err = tx.Rounds(by, RoundFilter{Programme: by.Programme, States: []stage.State{round.Open, round.Closed}, Limit: 10}); err != nil {
			return err
		}
		return nil
	})
	return v, err
}

func (d *Desk) reviewLines(tx *store.Tx, by stage.Actor, f ReviewFilter) (lines []ReviewLine, err error) {
	all, err := tx.Reviews(by, f)
	if err != nil {
		return nil, err
	}
	c, err := tx.Calendar()
	if err != nil {
		return nil, err
	}
	names := namesIn(tx)
	today := calendar.DateOf(d.Now())
	keys := make([]id.Application, len(all))
	for i, r := range all {
		keys[i] = r.Application
	}
	heads, err := tx.ApplicationHeads(keys)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		l := ReviewLine{Review: r, Application: heads[r.Application], Overdue: r.Overdue(today), Mine: reviewTask(by, &r) != ""}
		if l.Reviewer, err = names(r.Reviewer); err != nil {
			return nil, err
		}
		l.Left, l.LeftKnown = c.WorkingDaysBetween(today, r.DueOn)
		lines = append(lines, l)
	}
	return lines, nil
}

// namesIn returns what looks up the names of accounts, each once.
func namesIn(tx *store.Tx) func(id.Account) (string, error) {
	known := map[id.Account]string{"": ""}
	return func(who id.Account) (string, error) {
		if name, ok := known[who]; ok {
			return name, nil
		}
		a, err := tx.Account(who)
		if err != nil {
			return "", err
		}
		known[who] = a.Name
		return a.Name, nil
	}
}

// reviewTask says what somebody is to do about a review, or "".
func reviewTask(by stage.Actor, r *review.Review) string {
	switch {
	case by.Role == stage.Clerk && r.State == review.Open && r.Reviewer == by.Account && r.Remark != "":
		return "修改初审意见"
	case by.Role == stage.Clerk && r.State == review.Open && (r.Reviewer == by.Account || r.Reviewer == ""):
		return "初审"
	case by.Role == stage.Director && r.State == review.Open && r.Reviewer == "":
		return "指定初审人"
	case (by.Role == stage.Clerk || by.Role == stage.Director) && r.State == review.Drafted && r.Reviewer != by.Account:
		return "复核初审意见"
	}
	return ""
}

// reviewWork is what reviews ask of somebody.
func (d *Desk) reviewWork(tx *store.Tx, by stage.Actor, _ time.Time, w *waits) ([]WorkItem, error) {
	if by.Role != stage.Clerk && by.Role != stage.Director {
		return nil, nil
	}
	open, err := d.reviewsWaiting(tx, by, review.Open, w)
	if err != nil {
		return nil, err
	}
	drafted, err := d.reviewsWaiting(tx, by, review.Drafted, w)
	return append(open, drafted...), err
}

func (d *Desk) reviewsWaiting(tx *store.Tx, by stage.Actor, state stage.State, w *waits) ([]WorkItem, error) {
	f := store.ReviewFilter{States: []stage.State{state}, Waits: true}
	return listing[ReviewLine]{
		stage: review.Kind.Label, url: "/reviews?state=" + string(state),
		count: func() (int, error) {
			n, _, err := tx.CountReviews(by, f)
			return n, err
		},
		list: func(after *ReviewLine, limit int) ([]ReviewLine, error) {
			if f.Limit = limit; after != nil {
				f.After = after.Review.ID
			}
			return d.reviewLines(tx, by, f)
		},
		item: func(l *ReviewLine) (w WorkItem, err error) {
			if task := reviewTask(by, &l.Review); task != "" {
				w = WorkItem{
					Title: task + " " + l.Application.Name, Thing: l.Application.Number, URL: "/reviews/" + string(l.Review.ID), Due: l.Review.DueOn.End(), Stage: review.Kind.Label,
				}
			}
			return w, nil
		},
	}.gather(w)
}

// reviewAhead lists when reviews fall due.
func reviewAhead(tx *store.Tx, _ time.Time) (all []Milestone, err error) {
	reviews, err := tx.ReviewsAhead()
	for _, r := range reviews {
		m := Milestone{At: r.DueOn.End(), Word: "初审到期"}
		if !slices.ContainsFunc(all, func(o Milestone) bool { return o.At.Equal(m.At) }) {
			all = append(all, m)
		}
	}
	return all, err
}
