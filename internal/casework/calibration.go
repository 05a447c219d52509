package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// PrepareCalibration begins a sample of a round and returns its key.
func (d *Desk) PrepareCalibration(ctx context.Context, by stage.Actor, of id.Round, title string) (made id.Calibration, err error) {
	defer fault.Wrap(&err, "casework: calibration.prepare(%s)", of)
	now := d.Now()
	made = id.New[id.Calibration](d.Rand)
	return made, d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, p, indicators, err := calibrating(tx, by, of)
		if err != nil {
			return record.Entry{}, err
		}
		c, m, err := calibration.Prepare(by, r.Programme, of, over(r), title, visited(p, indicators), now)
		if err != nil {
			return record.Entry{}, err
		}
		c.ID = made
		return d.calibrationEntry(by, &c, m, now), tx.AddCalibration(&c)
	})
}

// over reports whether a round takes no more of anything.
func over(r round.Round) bool { return r.State == round.Concluded || r.State == round.Cancelled }

// visited lists the indicators of a programme that sends teams; none of one that does not.
func visited(p *programme.Programme, all []programme.Indicator) []programme.Indicator {
	if !slices.Contains(p.Procedure, "visit") {
		return nil
	}
	return all
}

// calibrating reads a round for those who may have to do with its exercise.
func calibrating(tx *store.Tx, by stage.Actor, of id.Round) (r round.Round, p *programme.Programme, indicators []programme.Indicator, err error) {
	if r, err = tx.RoundFor(by, of); err != nil {
		return r, nil, nil, err
	}
	roles := []stage.Role{stage.Assessor, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	if !slices.Contains(roles, by.Role) || by.Programme != "" && by.Programme != r.Programme {
		return r, nil, nil, fault.Missing()
	}
	p, indicators, err = criteriaOf(tx, of)
	return r, p, indicators, err
}

// EditCalibration keeps what the office wrote of a sample.
func (d *Desk) EditCalibration(ctx context.Context, by stage.Actor, key id.Calibration, version int64, s calibration.Sample) error {
	return d.calibrationAct(ctx, by, key, version, "edit", func(c *calibrated) (stage.Move, error) { return c.sample.Edit(by, s, c.indicators) })
}

// IssueCalibration keeps what the office wrote of a sample and gives it out.
func (d *Desk) IssueCalibration(ctx context.Context, by stage.Actor, key id.Calibration, version int64, s calibration.Sample) error {
	return d.calibrationAct(ctx, by, key, version, "issue", func(c *calibrated) (stage.Move, error) {
		if m, err := c.sample.Edit(by, s, c.indicators); err != nil {
			return m, err
		}
		return c.sample.Issue(by, c.indicators, c.now)
	})
}

// WithdrawCalibration takes a sample back, with the reason.
func (d *Desk) WithdrawCalibration(ctx context.Context, by stage.Actor, key id.Calibration, reason string) error {
	return d.calibrationAct(ctx, by, key, 0, "withdraw", func(c *calibrated) (stage.Move, error) { return c.sample.Withdraw(by, reason, c.now) })
}

// MarkCalibration takes an assessor's own marks of a sample.
func (d *Desk) MarkCalibration(ctx context.Context, by stage.Actor, key id.Calibration, findings map[string]assessment.Finding) error {
	return d.calibrationAct(ctx, by, key, 0, "mark", func(c *calibrated) (stage.Move, error) {
		k, m, err := c.sample.Mark(by, findings, calibration.Shows(c.marks, by.Account), c.indicators, c.now)
		if err != nil {
			return m, err
		}
		k.ID, c.same = id.New[id.Marking](d.Rand), true
		return m, c.tx.AddMarking(&k)
	})
}

// calibrated is what an act on a sample gets.
type calibrated struct {
	tx         *store.Tx
	sample     *calibration.Calibration
	marks      []calibration.Marking
	indicators []programme.Indicator
	now        time.Time
	same       bool // the act does not change the sample itself
}

func (d *Desk) calibrationAct(ctx context.Context, by stage.Actor, key id.Calibration, version int64, act string, do func(*calibrated) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: calibration.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		if _, _, err := tx.CalibrationFor(by, key); err != nil {
			return record.Entry{}, err
		}
		sample, err := tx.Calibration(key) // whole: the reference is veiled from who marks
		if err != nil {
			return record.Entry{}, err
		}
		if version != 0 && version != sample.Version {
			return record.Entry{}, fault.Stale()
		}
		c := &calibrated{tx: tx, sample: &sample, now: now}
		p, indicators, err := criteriaOf(tx, sample.Round)
		if err != nil {
			return record.Entry{}, err
		}
		c.indicators = visited(p, indicators)
		if c.marks, err = tx.MarkingsOf(key); err != nil {
			return record.Entry{}, err
		}
		m, err := do(c)
		if err != nil || c.same {
			return d.calibrationEntry(by, &sample, m, now), err
		}
		return d.calibrationEntry(by, &sample, m, now), tx.PutCalibration(&sample)
	})
}

// calibrationEntry is the line of the record for a move of a sample; never what it or a
// mark says.
func (d *Desk) calibrationEntry(by stage.Actor, c *calibration.Calibration, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, calibration.Kind, string(c.ID), m, now)
	e.Programme = c.Programme
	e.Facts = map[string]string{"round": string(c.Round)}
	return e
}

// scores lists the acts of a visit by which an assessor scores or signs.
var scores = []string{"record", "report", "amend", "sign", "sync"}

// ready refuses an assessor who scores or signs before the exercise where it is required.
func (c *visiting) ready(by stage.Actor, act string) error {
	if by.Role != stage.Assessor || !slices.Contains(scores, act) || c.programme.Visit.Calibration != "required" {
		return nil
	}
	s, err := c.tx.CalibrationStanding(c.visit.Round, by.Account)
	if err != nil {
		return err
	}
	return calibration.Ready(c.programme.Visit, c.indicators, s)
}

// CalibrationsView is the exercise of a round: its samples, how far everybody is, and who
// is harsh or mild, each as the viewer may see it.
type CalibrationsView struct {
	Round     round.Round
	Required  bool
	Prepares  bool // the viewer may write samples
	Lines     []CalibrationLine
	Assessors []CalibrationProgress // for the office
	Open      int                   // samples that ask for marks
	Strict    []StrictLine          // the harshest first
	calibration.Severity
}

// CalibrationLine is one sample in a list.
type CalibrationLine struct {
	calibration.Calibration
	Marked int  // by how many; 0 for an assessor who has not marked it
	Mine   bool // the viewer has
}

// CalibrationProgress is how many of the open samples an assessor has marked.
type CalibrationProgress struct {
	Account id.Account
	Name    string
	Done    int
}

// Calibrations returns the exercise of a round.
func (d *Desk) Calibrations(ctx context.Context, by stage.Actor, of id.Round) (v CalibrationsView, err error) {
	defer fault.Wrap(&err, "casework.Calibrations(%s)", of)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		r, p, indicators, err := calibrating(tx, by, of)
		if err != nil {
			return err
		}
		v.Round, v.Required = r, p.Visit.Calibration == "required"
		v.Prepares = by.Role == stage.Clerk && !over(r) && len(calibration.Asked(visited(p, indicators))) > 0
		all, marks, err := tx.CalibrationsOf(by, of)
		if err != nil {
			return err
		}
		done := map[id.Account]int{}
		var counted []calibration.Marking
		for _, c := range all {
			l := CalibrationLine{Calibration: c}
			for _, k := range marks {
				if k.Calibration != c.ID {
					continue
				}
				l.Marked++
				l.Mine = l.Mine || k.Account == by.Account
				if c.State == calibration.Open {
					done[k.Account]++
					counted = append(counted, k)
				}
			}
			if c.State == calibration.Open {
				v.Open++
			}
			v.Lines = append(v.Lines, l)
		}
		v.Severity = calibration.Judge(counted, indicators)
		names := namesIn(tx)
		for _, s := range v.Raters {
			name, err := names(id.Account(s.Rater))
			if err != nil {
				return err
			}
			v.Strict = append(v.Strict, StrictLine{Strictness: s, Name: name})
		}
		if by.Role == stage.Assessor {
			return nil
		}
		pool, err := assessors(tx, r.Programme)
		for _, s := range pool {
			v.Assessors = append(v.Assessors, CalibrationProgress{s.Account, s.Name, done[s.Account]})
		}
		return err
	})
	return v, err
}

// CalibrationView is one sample as the viewer may see it.
type CalibrationView struct {
	calibration.Calibration
	Title      string // of the round
	Required   bool
	Indicators []programme.Indicator // that it is about
	Marks      []CalibrationMark     // the earliest first; of an assessor without own marks none
	Mine       bool                  // the viewer has marked it
	Acts       []string
}

// CalibrationMark is what somebody gave, by name.
type CalibrationMark struct {
	calibration.Marking
	Name string
}

// Calibration returns one sample.
func (d *Desk) Calibration(ctx context.Context, by stage.Actor, key id.Calibration) (v CalibrationView, err error) {
	defer fault.Wrap(&err, "casework.Calibration(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		var marks []calibration.Marking
		var err error
		if v.Calibration, marks, err = tx.CalibrationFor(by, key); err != nil {
			return err
		}
		r, p, indicators, err := calibrating(tx, by, v.Round)
		if err != nil {
			return err
		}
		v.Title, v.Required, v.Indicators = r.Title, p.Visit.Calibration == "required", calibration.Asked(visited(p, indicators))
		v.Mine = calibration.Shows(marks, by.Account)
		v.Acts = calibration.Kind.May(v.State, by.Role)
		if v.Mine || by.Account == v.PreparedBy {
			v.Acts = slices.DeleteFunc(v.Acts, func(act string) bool { return act == "mark" })
		}
		names := namesIn(tx)
		for _, k := range marks {
			name, err := names(k.Account)
			if err != nil {
				return err
			}
			v.Marks = append(v.Marks, CalibrationMark{k, name})
		}
		return nil
	})
	return v, err
}

// calibrationWork lists the samples that wait for an assessor's marks, and for the office
// the rounds that require the exercise and have no sample.
func calibrationWork(tx *store.Tx, by stage.Actor, _ time.Time) ([]WorkItem, error) {
	if by.Role == stage.Assessor {
		return samplesToMark(tx, by)
	}
	if by.Role == stage.Clerk {
		return roundsWithoutSample(tx, by)
	}
	return nil, nil
}

// samplesToMark lists what an assessor has not marked yet, of rounds that go on.
func samplesToMark(tx *store.Tx, by stage.Actor) (items []WorkItem, err error) {
	all, marks, err := tx.OpenCalibrations(by)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		marked := slices.ContainsFunc(marks, func(k calibration.Marking) bool { return k.Calibration == c.ID && k.Account == by.Account })
		if marked || c.PreparedBy == by.Account {
			continue
		}
		r, err := tx.Round(c.Round)
		if err != nil {
			return nil, err
		}
		if over(r) {
			continue
		}
		p, err := tx.ProgrammeOf(c.Round)
		if err != nil {
			return nil, err
		}
		title := "校准练习（自愿） "
		if p.Visit.Calibration == "required" {
			title = "校准练习（评完才能参加考核评分） "
		}
		items = append(items, WorkItem{Title: title + c.Title, Thing: r.Title, URL: "/calibrations/" + string(c.ID), Stage: calibration.Kind.Label})
	}
	return items, nil
}

// roundsWithoutSample lists the rounds in which nobody may assess before there is a sample.
func roundsWithoutSample(tx *store.Tx, by stage.Actor) (items []WorkItem, err error) {
	rounds, err := tx.Rounds(by, store.RoundFilter{Programme: by.Programme, States: []stage.State{round.Open, round.Closed}})
	if err != nil {
		return nil, err
	}
	for _, r := range rounds {
		p, indicators, err := criteriaOf(tx, r.ID)
		if err != nil {
			return nil, err
		}
		if p.Visit.Calibration != "required" || len(calibration.Asked(visited(p, indicators))) == 0 {
			continue
		}
		s, err := tx.CalibrationStanding(r.ID, "")
		if err != nil {
			return nil, err
		}
		if s.Open == 0 {
			items = append(items, WorkItem{Title: "编写并发出校准样本", Thing: r.Title, URL: "/rounds/" + string(r.ID) + "/calibrations", Stage: calibration.Kind.Label})
		}
	}
	return items, nil
}
