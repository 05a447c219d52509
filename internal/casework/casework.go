// Package casework does what people ask for: it loads the facts, lets the
// lifecycle decide, and saves the outcome together with its line in the record.
// Every act and every view of the program is a method of Desk, one file per
// chapter. The doors call nothing else.
package casework

import (
	"io"
	"time"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Desk is where casework is done. The doors and the jobs share one.
type Desk struct {
	Store *store.Store
	Now   func() time.Time // one reading decides an act and is what the record says
	Rand  io.Reader        // identifiers, salts and tokens come from here
	Files Files            // where uploaded files are
	Wall  func() time.Time // the clock of people's sessions; nil: Now. Differs where the programme's clock is moved

	HookHosts []string // hosts within the network that programs and robots may be at; see message.Hook.Check

	Signers Signers        // the keys that sign credentials; nil: none are on this machine
	Machine func() Machine // what the machine knows of itself; nil: nothing

	sketches sketches // of what applicants wrote
	signed   signatures
	fixed    fixed // documents that are set and wait to be signed
}

// entry is the line of the record for a move of a kind of thing.
func (d *Desk) entry(by stage.Actor, kind stage.Kind, thing string, m stage.Move, at time.Time) record.Entry {
	return record.Entry{
		At: at, By: by.Account, Role: string(by.Role), Programme: by.Programme,
		Act: kind.Name + "." + m.Act, Thing: thing, From: string(m.From), To: string(m.To), Basis: m.Basis,
	}
}
