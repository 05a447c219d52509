package store

import (
	"database/sql"
	"math/big"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/horizon"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/lifecycle/visit"
)

// Counted is what is counted of some rounds: everything but what the viewer has an
// interest in.
type Counted struct {
	Tallies []statistic.Tally
	Counts  map[id.Round]statistic.Counts // what each chapter counted itself
	Regions map[string]string             // who keeps the register of a division, where an organisation says so
	Hidden  int                           // applications that are left out because of the viewer's interests
}

// among adds a condition on a column that takes one of some values.
func (w *where) among(column string, not bool, values []string) {
	if len(values) == 0 {
		if !not {
			w.and("1 = 0")
		}
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	w.and(column+map[bool]string{true: " NOT"}[not]+" IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...)
}

// counting is a count over some rounds for a viewer.
type counting struct {
	tx     *Tx
	rounds []string
	hidden []string // applications that the viewer may not see
}

// rows runs a query of counts and reads what each row says. The query has %s where its
// conditions stand: the rounds, and that the application is not hidden.
func (c *counting) rows(query, round, application string, read func(*sql.Rows) error, more ...func(*where)) error {
	var q where
	q.among(round, false, c.rounds)
	q.among(application, true, c.hidden)
	for _, add := range more {
		add(&q)
	}
	rows, err := c.tx.query(strings.Replace(query, "%s", q.String(), 1), q.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// counts begins a count of rounds. What a viewer has an interest in is found first: it
// is little, and left out of everything that follows.
func (tx *Tx) counts(viewer stage.Actor, keys []id.Round) (c counting, err error) {
	c.tx = tx
	for _, k := range keys {
		c.rounds = append(c.rounds, string(k))
	}
	if viewer.Account == "" || viewer.Role == stage.Applicant {
		return c, nil
	}
	ties, err := tx.TiesOf(viewer.Account)
	if err != nil {
		return c, err
	}
	var of []string
	for _, o := range ties {
		of = append(of, string(o))
	}
	found := counting{tx: tx, rounds: c.rounds}
	add := func(r *sql.Rows) error {
		var key string
		err := r.Scan(&key)
		c.hidden = append(c.hidden, key)
		return err
	}
	if len(of) > 0 {
		err = found.rows("SELECT id FROM applications %s", "round", "id", add, func(q *where) { q.among("organisation", false, of) })
	}
	if err == nil && decides(viewer) {
		err = found.rows("SELECT DISTINCT subject_id FROM items %s", "round", "subject_id", add, func(q *where) {
			q.and("subject_kind = ?", "application")
			q.and("recusals LIKE ? ESCAPE '!'", `%"`+escapeLike(string(viewer.Account))+`":%`)
		})
	}
	return c, err
}

// tallies groups the applications by all that is counted. What the chapters have of one is
// asked only where the lifecycle needs it to say where it ended. each keeps them apart.
func tallies(each bool) string {
	asked := "a.state IN (" + quoted(statistic.Asked) + ")"
	has := func(rows string, states ...stage.State) string {
		return "CASE WHEN " + asked + " AND EXISTS (SELECT 1 FROM " + rows + " AND x.state IN (" + quoted(states) + ")) THEN 1 ELSE 0 END"
	}
	thing := "''"
	if each {
		thing = "a.id"
	}
	return `SELECT round, category, region, MAX(registrar), state, stage, reviewed, visited, carried, cleared, upheld, filed, thing, COUNT(*) FROM (
	SELECT a.round, a.category, COALESCE(SUBSTR(o.code, 3, 6), '') AS region, COALESCE(o.registrar, '') AS registrar, a.state, a.stage, ` + thing + ` AS thing,
		` + has("reviews x WHERE x.application = a.id", statistic.Left(review.Kind.Name)...) + ` AS reviewed,
		` + has("visits x WHERE x.application = a.id", statistic.Left(visit.Kind.Name)...) + ` AS visited,
		` + has("items x WHERE x.subject_id = a.id AND x.subject_kind = 'application'", statistic.Left(meeting.Kind.Name)...) + ` AS carried,
		` + has("candidates x WHERE x.application = a.id", statistic.Left(publicity.Kind.Name)...) + ` AS cleared,
		` + has("candidates x WHERE x.application = a.id", publicity.Upheld) + ` AS upheld,
		CASE WHEN a.submitted_at > 0 THEN 1 ELSE 0 END AS filed
	FROM applications a LEFT JOIN organisations o ON o.id = a.organisation %s) counted
	GROUP BY round, category, region, state, stage, reviewed, visited, carried, cleared, upheld, filed, thing`
}

// quoted lists states for a statement.
func quoted(states []stage.State) string {
	all := make([]string, len(states))
	for i, s := range states {
		all[i] = "'" + string(s) + "'"
	}
	return strings.Join(all, ", ")
}

// tally reads a row of tallies.
func tally(r *sql.Rows) (t statistic.Tally, registrar, thing string, err error) {
	err = r.Scan(&t.Round, &t.Category, &t.Region, &registrar, &t.State, &t.Stage, asFlag(&t.Came.Reviewed), asFlag(&t.Came.Visited), asFlag(&t.Came.Carried),
		asFlag(&t.Came.Cleared), asFlag(&t.Came.Upheld), asFlag(&t.Filed), &thing, &t.N)
	return t, registrar, thing, err
}

// CountedIn counts the applications of some rounds for a viewer, and what the chapters
// counted of them.
func (tx *Tx) CountedIn(viewer stage.Actor, keys []id.Round) (all Counted, err error) {
	c, err := tx.counts(viewer, keys)
	if err != nil {
		return all, err
	}
	all.Counts, all.Regions, all.Hidden = map[id.Round]statistic.Counts{}, map[string]string{}, len(c.hidden)
	for _, k := range keys {
		all.Counts[k] = statistic.Counts{Out: map[string]int{}}
	}
	most := map[string]int{}
	if err := c.rows(tallies(false), "a.round", "a.id", func(r *sql.Rows) error {
		t, registrar, _, err := tally(r)
		if err != nil {
			return err
		}
		all.Tallies = append(all.Tallies, t)
		if registrar != "" && t.N > most[t.Region] {
			most[t.Region], all.Regions[t.Region] = t.N, registrar
		}
		return nil
	}); err != nil {
		return all, err
	}
	return all, c.chapters(all.Counts)
}

// asFlag reads a 0 or 1 that a query computed.
func asFlag(b *bool) any { return &flag{b} }

type flag struct{ b *bool }

// Scan implements sql.Scanner.
func (f *flag) Scan(src any) error {
	var n sql.NullInt64
	err := n.Scan(src)
	*f.b = n.Int64 != 0
	return err
}

// chapters adds what each chapter itself counted: what left its stage, and all there is.
func (c *counting) chapters(into map[id.Round]statistic.Counts) error {
	for _, part := range []struct{ step, round, application, query string }{
		{"", "round", "id", "SELECT round, COUNT(*) FROM applications %s GROUP BY round"},
		{review.Kind.Name, "round", "application", "SELECT round, COUNT(*) FROM reviews %s AND state IN (" + quoted(statistic.Left(review.Kind.Name)) + ") GROUP BY round"},
		{visit.Kind.Name, "round", "application", "SELECT round, COUNT(*) FROM visits %s AND state IN (" + quoted(statistic.Left(visit.Kind.Name)) + ") GROUP BY round"},
		{meeting.Kind.Name, "i.round", "i.subject_id", "SELECT i.round, COUNT(DISTINCT i.subject_id) FROM items i JOIN meetings m ON m.id = i.meeting %s AND i.subject_kind = 'application' AND i.state = '" +
			string(item.Carried) + "' AND m.state IN ('" + string(meeting.Closed) + "', '" + string(meeting.Adjourned) + "') GROUP BY i.round"},
		{publicity.Kind.Name, "p.round", "c.application", "SELECT p.round, COUNT(DISTINCT c.application) FROM publicities p JOIN candidates c ON c.publicity = p.id %s AND p.about = 'naming' AND c.state = '" +
			string(publicity.Cleared) + "' GROUP BY p.round"},
		{statistic.Naming, "round", "application", "SELECT round, COUNT(*) FROM designations %s AND application <> '' GROUP BY round"},
	} {
		if part.step != "" {
			for _, n := range into {
				n.Out[part.step] = 0
			}
		}
		if err := c.rows(part.query, part.round, part.application, func(r *sql.Rows) error {
			var key id.Round
			var n int
			if err := r.Scan(&key, &n); err != nil {
				return err
			}
			counts := into[key]
			if part.step == "" {
				counts.All = n
			} else {
				counts.Out[part.step] = n
			}
			into[key] = counts
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// dayOf is an instant's day in the programme's zone, counted from 1 January 1970.
func dayOf(column string) string { return "(" + column + " + 28800000000) / 86400000000" }

// dated turns what dayOf counted into a day; 0 is none.
func dated(day int64) calendar.Date {
	if day == 0 {
		return calendar.Date{}
	}
	return calendar.DateOf(time.Unix(day*86400, 0))
}

// decided are the applications of a round by when the committee's last word on them
// took effect.
const decided = `(SELECT i.subject_id, MAX(m.ended_at) AS at FROM items i JOIN meetings m ON m.id = i.meeting
	WHERE i.round = $1 AND i.subject_kind = 'application' AND i.state IN ('carried', 'lost') AND m.state IN ('closed', 'adjourned') GROUP BY i.subject_id)`

// spell is how a stage's time is asked: its columns from, to (0: still) and the last day of
// a limit, and of what.
type spell struct{ stage, round, application, thing, columns, rest string }

// query counts the spells that are alike, or tells each with its application and the thing
// itself.
func (s spell) query(each bool) string {
	if each {
		return "SELECT " + s.columns + ", 1, " + s.application + ", " + s.thing + " FROM " + s.rest
	}
	return "SELECT " + s.columns + ", COUNT(*), '', '' FROM " + s.rest + " GROUP BY 1, 2, 3"
}

// spells lists the stages with how long each had what it had. before is where the time at
// the meeting begins.
func spells(before string) []spell {
	span := func(from, to, due string) string { return dayOf(from) + ", " + to + ", " + due }
	ended := func(column string) string {
		return "CASE WHEN " + column + " = 0 THEN 0 ELSE " + dayOf(column) + " END"
	}
	first := "reviews"
	if before == "visits" || before == "reviews" {
		first = before
	}
	return []spell{
		{statistic.Intake, "a.round", "a.id", "''", span("a.submitted_at", dayOf("r.opened_at"), "''"), "applications a JOIN reviews r ON r.application = a.id %s AND a.submitted_at > 0"},
		{statistic.Intake, "a.round", "a.id", "''", span("a.submitted_at", "0", "''"), "applications a %s AND a.state IN ('submitted', 'correcting')"},
		{review.Kind.Name, "round", "application", "''", span("opened_at", ended("ended_at"), "due_on"), "reviews %s AND state <> 'ended'"},
		{visit.Kind.Name, "round", "application", "''", span("opened_at", ended("ended_at"), "''"), "visits %s AND state <> 'ended'"},
		{
			meeting.Kind.Name, "a.round", "a.id", "''", span("p.ended_at", dayOf("d.at"), "''"),
			"applications a JOIN " + first + " p ON p.application = a.id JOIN " + decided + " d ON d.subject_id = a.id %s AND p.ended_at > 0",
		},
		{meeting.Kind.Name, "a.round", "a.id", "''", span("p.ended_at", "0", "''"), "applications a JOIN " + first + " p ON p.application = a.id %s AND a.state = 'underway' AND a.stage = 'meeting' AND p.ended_at > 0"},
		{
			publicity.Kind.Name, "a.round", "a.id", "''", span("d.at", dayOf("c.changed_at"), "''"),
			"applications a JOIN " + decided + " d ON d.subject_id = a.id JOIN candidates c ON c.application = a.id %s AND c.state IN ('cleared', 'upheld')",
		},
		{publicity.Kind.Name, "a.round", "a.id", "''", span("d.at", "0", "''"), "applications a JOIN " + decided + " d ON d.subject_id = a.id %s AND a.state = 'underway' AND a.stage = 'publicity'"},
		{"objection", "p.round", "o.application", "o.id", span("o.arrived_at", ended("o.answered_at"), "o.answer_on"), "publicities p JOIN objections o ON o.publicity = p.id %s AND o.admitted_at > 0"},
		{
			statistic.Naming, "a.round", "a.id", "''", span("c.changed_at", dayOf("n.issued_at"), "''"),
			"designations t JOIN applications a ON a.id = t.application JOIN candidates c ON c.application = a.id JOIN namings n ON n.id = t.naming %s AND c.state = 'cleared' AND t.round = $1",
		},
		{statistic.Naming, "a.round", "a.id", "''", span("c.changed_at", "0", "''"), "applications a JOIN candidates c ON c.application = a.id %s AND a.state = 'selected' AND c.state = 'cleared'"},
	}
}

// SpellsIn says for how long the stages of a round had its applications, by days, and
// the objections against them. before is the table of the stage before the meeting.
func (tx *Tx) SpellsIn(viewer stage.Actor, key id.Round, before string) (all []statistic.Spell, err error) {
	return all, tx.spellsIn(viewer, key, before, false, func(s statistic.Spell, _ Reckoned) { all = append(all, s) })
}

// Reckoned is one thing that a figure counts: an application, or an objection against one.
type Reckoned struct {
	Application id.Application // empty: the objection is against no single one
	Objection   id.Objection   // empty: it is the application itself
}

// SpellsEach tells the spells of SpellsIn one by one.
func (tx *Tx) SpellsEach(viewer stage.Actor, key id.Round, before string, read func(statistic.Spell, Reckoned)) error {
	return tx.spellsIn(viewer, key, before, true, read)
}

func (tx *Tx) spellsIn(viewer stage.Actor, key id.Round, before string, each bool, read func(statistic.Spell, Reckoned)) error {
	c, err := tx.counts(viewer, []id.Round{key})
	if err != nil {
		return err
	}
	for _, part := range spells(before) {
		if err := c.rows(part.query(each), part.round, part.application, func(r *sql.Rows) error {
			s := statistic.Spell{Stage: part.stage}
			var of Reckoned
			var from, to int64
			if err := r.Scan(&from, &to, asDate(&s.Due), &s.N, &of.Application, &of.Objection); err != nil {
				return err
			}
			s.From, s.To = dated(from), dated(to)
			read(s, of)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// TalliesEach tells the tallies of CountedIn of one round one application at a time.
func (tx *Tx) TalliesEach(viewer stage.Actor, key id.Round, read func(statistic.Tally, Reckoned)) error {
	c, err := tx.counts(viewer, []id.Round{key})
	if err != nil {
		return err
	}
	return c.rows(tallies(true), "a.round", "a.id", func(r *sql.Rows) error {
		t, _, thing, err := tally(r)
		if err == nil {
			read(t, Reckoned{Application: id.Application(thing)})
		}
		return err
	})
}

// MarksIn counts what the confirmed reviews and the signed visits of a round found of
// each indicator.
func (tx *Tx) MarksIn(viewer stage.Actor, key id.Round) (all []statistic.Mark, err error) {
	return all, tx.marksIn(viewer, key, false, func(m statistic.Mark, _ Reckoned) { all = append(all, m) })
}

// MarksEach tells the marks of MarksIn one by one.
func (tx *Tx) MarksEach(viewer stage.Actor, key id.Round, read func(statistic.Mark, Reckoned)) error {
	return tx.marksIn(viewer, key, true, read)
}

func (tx *Tx) marksIn(viewer stage.Actor, key id.Round, each bool, read func(statistic.Mark, Reckoned)) error {
	c, err := tx.counts(viewer, []id.Round{key})
	if err != nil {
		return err
	}
	count, group := "COUNT(*), ''", " GROUP BY 1, 2, 3"
	if each {
		count, group = "1, f.application", ""
	}
	for _, part := range []struct{ by, table, word, state string }{
		{review.Kind.Name, "reviews", "verdict", string(review.Confirmed)}, {visit.Kind.Name, "visits", "rating", string(visit.Signed)},
	} {
		query := "SELECT e.key, COALESCE(e.value->>'" + part.word + "', ''), COALESCE(e.value->>'score', '0'), " + count + " FROM " + part.table + " f, json_each(" +
			tx.dialect.json("f.findings") + ") e %s AND f.state = '" + part.state + "'" + group
		if err := c.rows(query, "f.round", "f.application", func(r *sql.Rows) error {
			m := statistic.Mark{By: part.by}
			var points string
			var of Reckoned
			err := r.Scan(&m.Indicator, &m.Verdict, &points, &m.N, &of.Application)
			if err == nil {
				m.Score, err = strconv.Atoi(points)
			}
			if err == nil {
				read(m, of)
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// TotalsIn adds up what the applications of a round were given, each once review, and
// visit where the procedure has one, have said all of it. Two lists are read, of what
// was found and nothing else.
func (tx *Tx) TotalsIn(viewer stage.Actor, key id.Round, rule score.Rule, visited bool) (totals []*big.Rat, err error) {
	c, err := tx.counts(viewer, []id.Round{key})
	if err != nil {
		return nil, err
	}
	seen := map[id.Application]map[string]assessment.Finding{}
	if visited {
		if err := c.rows("SELECT application, findings FROM visits %s AND state = '"+string(visit.Signed)+"'", "round", "application", func(r *sql.Rows) error {
			var a id.Application
			var found map[string]assessment.Finding
			err := r.Scan(&a, asJSON(&found))
			seen[a] = found
			return err
		}); err != nil {
			return nil, err
		}
	}
	err = c.rows("SELECT application, findings FROM reviews %s AND state = '"+string(review.Confirmed)+"'", "round", "application", func(r *sql.Rows) error {
		var a id.Application
		var given map[string]review.Finding
		if err := r.Scan(&a, asJSON(&given)); err != nil {
			return err
		}
		if found, both := seen[a]; both || !visited {
			totals = append(totals, rule.Sum(assessment.Criteria{Given: given}.Points(found)).Total)
		}
		return nil
	})
	return totals, err
}

// ExpiriesOf counts the titles of a programme that hold now by the month in which they
// run out. Titles are public.
func (tx *Tx) ExpiriesOf(p id.Programme) (all []horizon.Expiry, err error) {
	rows, err := tx.query("SELECT SUBSTR(valid_to, 1, 7), COUNT(*) FROM designations WHERE programme = $1 AND state IN ($2, $3) GROUP BY 1 ORDER BY 1",
		string(p), string(designation.Valid), string(designation.Rectifying))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e horizon.Expiry
		if err := rows.Scan(&e.Month, &e.N); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, rows.Err()
}
