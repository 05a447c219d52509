package store

import (
	"sync"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// InterimProgrammes holds programmes until the programme chapter keeps their
// versions; tests fill it.
var InterimProgrammes sync.Map

func (tx *Tx) interimProgramme(name id.Programme) (*programme.Programme, stage.State, error) {
	p, ok := InterimProgrammes.Load(name)
	if !ok {
		return nil, "", fault.Missing()
	}
	return p.(*programme.Programme), programme.Active, nil
}

// ProgrammeNow returns the version of a programme that a call published now
// would freeze, and the programme's state.
func (tx *Tx) ProgrammeNow(name id.Programme) (*programme.Programme, stage.State, error) {
	return tx.interimProgramme(name)
}

// ProgrammeOf returns the version of the programme that a round froze when its
// call was published (S4); before that, the current one.
func (tx *Tx) ProgrammeOf(key id.Round) (*programme.Programme, error) {
	r, err := tx.Round(key)
	if err != nil {
		return nil, err
	}
	p, _, err := tx.interimProgramme(r.Programme)
	return p, err
}

// ProgrammesNow lists the programmes that may call for applications now.
func (tx *Tx) ProgrammesNow() (all []*programme.Programme, err error) {
	InterimProgrammes.Range(func(_, p any) bool {
		all = append(all, p.(*programme.Programme))
		return true
	})
	return all, nil
}
