package store

import (
	"encoding/json"
	"slices"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var reviews = table[review.Review]{
	name: "reviews",
	columns: []string{
		"id", "programme", "round", "application", "organisation", "state", "reviewer", "due_on", "provisional", "calendar_version",
		"findings", "recommendation", "opinion", "remark", "returned", "confirmer", "opened_at", "drafted_at", "ended_at", "version",
	},
	fields: func(r *review.Review) []any {
		return []any{
			&r.ID, &r.Programme, &r.Round, &r.Application, &r.Organisation, &r.State, &r.Reviewer, asDate(&r.DueOn), &r.Provisional, &r.CalendarVersion,
			asJSON(&r.Findings), &r.Recommendation, &r.Opinion, &r.Remark, &r.Returned, &r.Confirmer, asTime(&r.OpenedAt), asTime(&r.DraftedAt), asTime(&r.EndedAt), &r.Version,
		}
	},
	version: func(r *review.Review) *int64 { return &r.Version },
}

// Review returns the review with the given identifier, or fault.Missing. It does
// not ask who looks; ReviewFor does.
func (tx *Tx) Review(key id.Review) (review.Review, error) { return reviews.get(tx, string(key)) }

// ReviewOf returns the review of an application, or fault.Missing, for the rules.
func (tx *Tx) ReviewOf(key id.Application) (review.Review, error) {
	return only(reviews.list(tx, "WHERE application = $1", string(key)))
}

// seesReviews lists the roles that see every review of their programme, unless
// they have an interest.
var seesReviews = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

// ReviewFor returns a review as a viewer may see it. The office, the chair and
// the auditors see all of it; members before whom its application comes see the
// confirmed opinion, and not whose it is; the applicant sees how far it is and
// by when, and nothing of what is thought. Who has an interest sees nothing.
func (tx *Tx) ReviewFor(viewer stage.Actor, key id.Review) (review.Review, error) {
	r, err := tx.Review(key)
	if err != nil {
		return r, err
	}
	return tx.seenReview(viewer, r)
}

// ReviewOfFor is ReviewOf as a viewer may see it.
func (tx *Tx) ReviewOfFor(viewer stage.Actor, key id.Application) (review.Review, error) {
	r, err := tx.ReviewOf(key)
	if err != nil {
		return r, err
	}
	return tx.seenReview(viewer, r)
}

func (tx *Tx) seenReview(viewer stage.Actor, r review.Review) (review.Review, error) {
	hidden, err := tx.tied(viewer, r.Organisation, r.Application)
	if err != nil {
		return review.Review{}, err
	}
	switch {
	case hidden || !inProgramme(viewer, r.Programme):
	case slices.Contains(seesReviews, viewer.Role):
		return r, nil
	case holds(viewer, r.Organisation):
		return review.Review{
			ID: r.ID, Programme: r.Programme, Round: r.Round, Application: r.Application, Organisation: r.Organisation, State: r.State,
			DueOn: r.DueOn, Provisional: r.Provisional, CalendarVersion: r.CalendarVersion, OpenedAt: r.OpenedAt, EndedAt: r.EndedAt, Version: r.Version,
		}, nil
	case r.State == review.Confirmed:
		sits, err := tx.onAgendaOf(viewer, item.Subject{Kind: "application", ID: string(r.Application)})
		if err != nil {
			return review.Review{}, err
		}
		if sits {
			r.Reviewer, r.Confirmer, r.Remark, r.Returned = "", "", "", 0
			return r, nil
		}
	}
	return review.Review{}, fault.Missing()
}

// AddReview adds a review. An application has one.
func (tx *Tx) AddReview(r *review.Review) error { return reviews.insert(tx, r) }

// PutReview saves a review, unless someone else saved it since it was read.
func (tx *Tx) PutReview(r *review.Review) error { return reviews.update(tx, r) }

// ReviewFilter narrows a list of reviews.
type ReviewFilter struct {
	Round          id.Round
	States         []stage.State
	Reviewer       id.Account
	Unassigned     bool
	DueBefore      calendar.Date // only those due before this day
	Recommendation string
	Waits          bool      // with one state, open or drafted: only what the viewer is to act on now
	Newest         bool      // those opened last first; else the next due first
	Query          string    // part of the applicant's name or of the application's number
	After          id.Review // the review that ended the page before
	Limit          int       // 0: 50
	Found          *Found    // what the query finds, where it was looked for before; else nil
}

// searchMost is how many applications a search names. Of more the list is read along its own
// order, which soon comes to a page of them; and results are counted only so far.
const searchMost = 1000

// Found is what a search by part of a name or of a number found among all applications,
// whoever may see them.
type Found struct {
	keys string // the applications, as the keys of a JSON object
	many bool   // there are more than searchMost: keys says nothing
}

// Find searches among the names and the numbers of applications. Neither engine has an index
// for part of a word: a rare one takes a reading of all names, one that is everywhere does not.
func (tx *Tx) Find(query string) (*Found, error) {
	rows, err := tx.query("SELECT id FROM applications WHERE name LIKE $1 ESCAPE '!' OR number LIKE $1 ESCAPE '!' LIMIT $2", "%"+escapeLike(query)+"%", searchMost+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	keys := map[id.Application]bool{}
	for rows.Next() {
		var key id.Application
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys[key] = true
	}
	text, err := json.Marshal(keys)
	if err == nil {
		err = rows.Err()
	}
	return &Found{keys: string(text), many: len(keys) > searchMost}, err
}

// found narrows the list to what its query finds. Where that is much, each row is asked for
// itself, in words that no engine turns into a reading of all applications.
func (w *where) found(tx *Tx, f ReviewFilter) error {
	if f.Query == "" {
		return nil
	}
	if f.Found == nil {
		var err error
		if f.Found, err = tx.Find(f.Query); err != nil {
			return err
		}
	}
	if !f.Found.many {
		w.and("application IN (SELECT key FROM json_each("+tx.dialect.json("CAST(? AS TEXT)")+"))", f.Found.keys)
		return nil
	}
	like := "%" + escapeLike(f.Query) + "%"
	w.and("CASE WHEN (SELECT name FROM applications WHERE id = reviews.application AND (name LIKE ? ESCAPE '!' OR number LIKE ? ESCAPE '!')) IS NULL THEN FALSE ELSE TRUE END", like, like)
	return nil
}

func (f ReviewFilter) where() (q where) {
	if f.Round != "" {
		q.and("round = ?", string(f.Round))
	}
	q.states(f.States)
	if f.Reviewer != "" {
		q.and("reviewer = ?", string(f.Reviewer))
	}
	if f.Unassigned {
		q.and("reviewer = ?", "")
	}
	if !f.DueBefore.IsZero() {
		q.and("due_on < ?", f.DueBefore.String())
	}
	if f.Recommendation != "" {
		q.and("recommendation = ?", f.Recommendation)
	}
	return q
}

// states narrows a list to some states.
func (w *where) states(all []stage.State) {
	if len(all) == 0 {
		return
	}
	args := make([]any, len(all))
	for i, s := range all {
		args[i] = string(s)
	}
	w.and("state IN (?"+strings.Repeat(", ?", len(all)-1)+")", args...)
}

// reviewsSeen is the part of every list and count that asks who looks; ok is
// false when the viewer sees no list at all.
func (tx *Tx) reviewsSeen(viewer stage.Actor, q *where) (ok bool, err error) {
	if !slices.Contains(seesReviews, viewer.Role) {
		return false, nil
	}
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	return true, q.untied(tx, viewer, "application")
}

// waits narrows a list of reviews in one state to what asks something of a viewer. A test
// compares it with the rule.
func (f ReviewFilter) waits(viewer stage.Actor, q *where) {
	open, drafted := slices.Equal(f.States, []stage.State{review.Open}), slices.Equal(f.States, []stage.State{review.Drafted})
	switch {
	case !f.Waits:
	case open && viewer.Role == stage.Clerk:
		q.and("reviewer IN (?, ?)", string(viewer.Account), "")
	case open && viewer.Role == stage.Director:
		q.and("reviewer = ?", "")
	case drafted && (viewer.Role == stage.Clerk || viewer.Role == stage.Director):
		q.and("reviewer <> ?", string(viewer.Account))
	default:
		q.and("1 = 0")
	}
}

// Reviews lists the reviews that the office, the chair or an auditor may see, the
// next due first, or those opened last first. Either way an index has the order.
func (tx *Tx) Reviews(viewer stage.Actor, f ReviewFilter) ([]review.Review, error) {
	q := f.where()
	if ok, err := tx.reviewsSeen(viewer, &q); !ok || err != nil {
		return nil, err
	}
	f.waits(viewer, &q)
	if err := q.found(tx, f); err != nil {
		return nil, err
	}
	column, later, way := "due_on", ">", ""
	if f.Newest {
		column, later, way = "opened_at", "<", " DESC"
	}
	if f.After != "" {
		q.and("("+column+", id) "+later+" (SELECT "+column+", id FROM reviews WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	order := " ORDER BY " + column + way + ", id" + way
	some := q.String() + order + " LIMIT " + q.mark(f.Limit)
	if f.Query != "" { // what is found is sorted by its keys, and only a page of it is read whole
		some = "WHERE id IN (SELECT id FROM reviews " + some + ")" + order
	}
	return reviewHeads.list(tx, some, q.args...)
}

// reviewHeads is what a list shows of reviews. What they found, by far the most of a row,
// stays where it is.
var reviewHeads = reviews.some(
	[]string{"id", "programme", "round", "application", "organisation", "state", "reviewer", "due_on", "provisional", "recommendation", "remark", "returned", "confirmer", "opened_at", "drafted_at", "ended_at", "version"},
	func(r *review.Review) []any {
		return []any{
			&r.ID, &r.Programme, &r.Round, &r.Application, &r.Organisation, &r.State, &r.Reviewer, asDate(&r.DueOn), &r.Provisional, &r.Recommendation, &r.Remark, &r.Returned, &r.Confirmer,
			asTime(&r.OpenedAt), asTime(&r.DraftedAt), asTime(&r.EndedAt), &r.Version,
		}
	},
)

// CountReviewStates counts by state the reviews that a viewer may see, of one round or of
// all, and how many of those at work are due before a day, in one reading of an index.
func (tx *Tx) CountReviewStates(viewer stage.Actor, key id.Round, day calendar.Date) (states map[stage.State]int, late int, err error) {
	q := ReviewFilter{Round: key}.where()
	states = map[stage.State]int{}
	if ok, err := tx.reviewsSeen(viewer, &q); !ok || err != nil {
		return states, 0, err
	}
	rows, err := tx.query("SELECT state, CASE WHEN due_on < "+q.mark(day.String())+" THEN 1 ELSE 0 END, COUNT(*) FROM reviews "+q.String()+" GROUP BY 1, 2", q.args...)
	if err != nil {
		return states, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var s stage.State
		var over bool
		var n int
		if err := rows.Scan(&s, asFlag(&over), &n); err != nil {
			return states, 0, err
		}
		states[s] += n
		if over && (s == review.Open || s == review.Drafted) {
			late += n
		}
	}
	return states, late, rows.Err()
}

// CountReviews counts what Reviews would list on all its pages. Of a search it counts a
// thousand; more says that there are more.
func (tx *Tx) CountReviews(viewer stage.Actor, f ReviewFilter) (n int, more bool, err error) {
	q := f.where()
	if ok, err := tx.reviewsSeen(viewer, &q); !ok || err != nil {
		return 0, false, err
	}
	f.waits(viewer, &q)
	if f.Query == "" {
		n, err = reviews.count(tx, q.String(), q.args...)
		return n, false, err
	}
	if err := q.found(tx, f); err != nil {
		return 0, false, err
	}
	some := "SELECT 1 FROM reviews " + q.String() + " LIMIT " + q.mark(searchMost+1)
	err = tx.tx.QueryRowContext(tx.ctx, "SELECT COUNT(*) FROM ("+some+") AS bounded", q.args...).Scan(&n)
	return min(n, searchMost), n > searchMost, err
}

// ReviewLoads says how much the clerks of a programme have to review, for
// review.Balanced.
func (tx *Tx) ReviewLoads(p id.Programme) (loads []review.Load, err error) {
	clerks, err := tx.AccountsWith(stage.Clerk, p)
	if err != nil {
		return nil, err
	}
	at := map[id.Account]int{}
	for n, a := range clerks {
		at[a.ID], loads = n, append(loads, review.Load{Account: a.ID})
	}
	rows, err := tx.query("SELECT reviewer, state, COUNT(*) FROM reviews WHERE reviewer <> '' GROUP BY 1, 2")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var who id.Account
		var s stage.State
		var n int
		if err := rows.Scan(&who, &s, &n); err != nil {
			return nil, err
		}
		if i, of := at[who]; of {
			loads[i].Ever += n
			if s == review.Open {
				loads[i].Open += n
			}
		}
	}
	return loads, rows.Err()
}

// ReviewsOf lists every review of a round, for the rules and the summary.
func (tx *Tx) ReviewsOf(key id.Round) ([]review.Review, error) {
	return reviews.list(tx, "WHERE round = $1 ORDER BY due_on, id", string(key))
}

// ReviewsAhead lists the reviews that are at work, the next due first.
func (tx *Tx) ReviewsAhead() ([]review.Review, error) {
	return reviews.list(tx, "WHERE state IN ($1, $2) ORDER BY due_on, id", string(review.Open), string(review.Drafted))
}

// ReviewsLeft lists the reviews that are at work although their application left
// the stage.
func (tx *Tx) ReviewsLeft() ([]review.Review, error) {
	return reviews.list(tx, "WHERE state IN ($1, $2) AND application IN (SELECT id FROM applications WHERE state <> $3 OR stage <> $4) ORDER BY id",
		string(review.Open), string(review.Drafted), string(application.Underway), review.Kind.Name)
}

// ReceivedIn lists the applications of a round that were ever filed, but those in
// which a viewer has an interest or from which they are recused; hidden says that
// there are such.
func (tx *Tx) ReceivedIn(viewer stage.Actor, key id.Round) (all []application.Application, hidden bool, err error) {
	filed, err := tx.ApplicationsOf(key)
	for _, a := range filed {
		if !a.Filed() {
			continue
		}
		tied, err := tx.tied(viewer, a.Organisation, a.ID)
		if err != nil {
			return nil, false, err
		}
		if tied {
			hidden = true
			continue
		}
		all = append(all, a)
	}
	return all, hidden, err
}

func (tx *Tx) funnelOfReviews(key id.Round, f *round.Funnel) (err error) {
	f.Reviewed, err = reviews.count(tx, "WHERE round = $1 AND state = $2", string(key), string(review.Confirmed))
	return err
}
