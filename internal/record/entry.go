// Package record (存证日志) is the append-only log of all acts: what one line
// says, how lines are hashed into a Merkle tree, and how a tree is signed and
// proved. It does no I/O; the store keeps the lines.
//
// An entry becomes a leaf, a line of JSON that anyone may read; leaves become a
// Merkle tree as in RFC 6962, and the tree's head is signed as a checkpoint. The
// forms are those of C2SP: tlog-tiles, tlog-checkpoint, tlog-proof. An entry also
// carries the seals of the rows that its transaction wrote, so that a row which
// was changed behind the program's back is found. See
// docs/decisions/2026-11-24-record.md.
package record

import (
	"time"

	"shifan/internal/id"
)

// Entry is one line of the record. It is written in the same transaction as
// the change it describes, or the change does not happen.
type Entry struct {
	At        time.Time    // the one clock reading that decided the act
	By        id.Account   // who acted; "clock" when a deadline passed
	Role      string       // in which role
	Programme id.Programme // empty for acts outside any programme
	Act       string       // "visit.report": the kind's name and the move's act
	Thing     string       // the identifier of what moved
	From      string       // always both ends, so that no one has to guess
	To        string
	Basis     string            // the provision the move rests on
	Facts     map[string]string // further public facts: a digest, a count, a date; never personal data
}
