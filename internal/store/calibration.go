package store

import (
	"slices"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/stage"
)

var calibrations = table[calibration.Calibration]{
	name:    "calibrations",
	columns: []string{"id", "programme", "round", "state", "title", "answers", "reference", "prepared_by", "prepared_at", "opened_at", "ended_at", "reason", "version"},
	fields: func(c *calibration.Calibration) []any {
		return []any{
			&c.ID, &c.Programme, &c.Round, &c.State, &c.Title, asJSON(&c.Answers), asJSON(&c.Reference), &c.PreparedBy,
			asTime(&c.PreparedAt), asTime(&c.OpenedAt), asTime(&c.EndedAt), &c.Reason, &c.Version,
		}
	},
	version: func(c *calibration.Calibration) *int64 { return &c.Version },
}

var markings = table[calibration.Marking]{
	name:    "markings",
	columns: []string{"id", "calibration", "assessor", "findings", "at"},
	fields: func(k *calibration.Marking) []any {
		return []any{&k.ID, &k.Calibration, &k.Account, asJSON(&k.Findings), asTime(&k.At)}
	},
}

// AddCalibration adds a sample.
func (tx *Tx) AddCalibration(c *calibration.Calibration) error { return calibrations.insert(tx, c) }

// PutCalibration saves a sample, unless someone else saved it since it was read.
func (tx *Tx) PutCalibration(c *calibration.Calibration) error { return calibrations.update(tx, c) }

// AddMarking adds what an assessor gave to a sample.
func (tx *Tx) AddMarking(k *calibration.Marking) error { return markings.insert(tx, k) }

// Calibration returns a sample, or fault.Missing. It does not ask who looks;
// CalibrationFor does.
func (tx *Tx) Calibration(key id.Calibration) (calibration.Calibration, error) {
	return calibrations.get(tx, string(key))
}

// MarkingsOf lists what was given to a sample, the earliest first, for the rules.
func (tx *Tx) MarkingsOf(key id.Calibration) ([]calibration.Marking, error) {
	return markings.list(tx, "WHERE calibration = $1 ORDER BY at, id", string(key))
}

// CalibrationFor returns a sample and what was given to it as a viewer may see them. The
// office, the chair and the auditors see all; assessors a sample that is given out,
// without the reference and the marks of others until their own are there. To everybody
// else there is none.
func (tx *Tx) CalibrationFor(viewer stage.Actor, key id.Calibration) (calibration.Calibration, []calibration.Marking, error) {
	c, err := tx.Calibration(key)
	if err != nil {
		return c, nil, err
	}
	if !inProgramme(viewer, c.Programme) || !slices.Contains(seesVisits, viewer.Role) && (viewer.Role != stage.Assessor || c.State == calibration.Prepared) {
		return calibration.Calibration{}, nil, fault.Missing()
	}
	marks, err := tx.MarkingsOf(key)
	if viewer.Role == stage.Assessor && !calibration.Shows(marks, viewer.Account) {
		c.Reference, marks = nil, nil
	}
	return c, marks, err
}

// CalibrationsOf lists the samples of a round that a viewer may see, the earliest first,
// as CalibrationFor shows each; marks are those of all of them.
func (tx *Tx) CalibrationsOf(viewer stage.Actor, key id.Round) (all []calibration.Calibration, marks []calibration.Marking, err error) {
	list, err := calibrations.list(tx, "WHERE round = $1 ORDER BY prepared_at, id", string(key))
	return tx.calibrationsSeen(viewer, list, err)
}

// OpenCalibrations lists the samples of every round that ask for marks.
func (tx *Tx) OpenCalibrations(viewer stage.Actor) (all []calibration.Calibration, marks []calibration.Marking, err error) {
	list, err := calibrations.list(tx, "WHERE state = $1 ORDER BY prepared_at, id", string(calibration.Open))
	return tx.calibrationsSeen(viewer, list, err)
}

func (tx *Tx) calibrationsSeen(viewer stage.Actor, list []calibration.Calibration, err error) (all []calibration.Calibration, marks []calibration.Marking, _ error) {
	for n := 0; err == nil && n < len(list); n++ {
		var c calibration.Calibration
		var some []calibration.Marking
		if c, some, err = tx.CalibrationFor(viewer, list[n].ID); err == nil {
			all, marks = append(all, c), append(marks, some...)
		} else if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
	}
	return all, marks, err
}

// CalibrationStanding says how far an assessor is with the samples of a round, for the
// rules.
func (tx *Tx) CalibrationStanding(key id.Round, who id.Account) (s calibration.Standing, err error) {
	s.Open, err = calibrations.count(tx, "WHERE round = $1 AND state = $2", string(key), string(calibration.Open))
	if err != nil || s.Open == 0 {
		return s, err
	}
	s.Left, err = calibrations.count(tx, "WHERE round = $1 AND state = $2 AND prepared_by <> $3 AND id NOT IN (SELECT calibration FROM markings WHERE assessor = $3)",
		string(key), string(calibration.Open), string(who))
	return s, err
}
