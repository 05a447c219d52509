// Package id holds typed identifiers, so that a visit's identifier never passes
// for a round's. An identifier is a short prefix that tells the kind, and 80
// random bits in Crockford base32: it cannot be guessed, and it tells nothing.
package id

import (
	"fmt"
	"io"
)

// The identifiers. Each is the prefix of its kind, "_" and 16 signs.
type (
	Programme     string // the programme's slug, as in its file; not random
	Round         string
	Organisation  string
	Application   string
	Review        string
	Visit         string
	Meeting       string
	Item          string
	CountSheet    string // a scan of how paper ballots were counted
	Publicity     string
	Probe         string
	Candidate     string
	Objection     string
	Naming        string
	Designation   string
	Plaque        string
	Photograph    string // of a plaque
	Recheck       string
	Trigger       string // a fact that asks for a recheck
	Plan          string // of the checks of a year
	Misuse        string // a report of misuse of a title or a plaque
	Attachment    string // a file that came along with an objection or a report of misuse
	Document      string // an official document as it was signed
	Rectification string
	Revocation    string
	Account       string
	PartyBody     string
	Session       string
	Arrangement   string
	Ruling        string
	Roster        string
	File          string
	Upload        string
	FactChange    string
	Interest      string
	Credential    string
	Draw          string
	Edit          string // of a checklist; made on a device, or here
	Ceremony      string
	Election      string
	Token         string // of a program that acts for a person; no secret
	Note          string // of a review
	Calibration   string // a sample that assessors mark before live visits
	Marking       string // of a sample
	Story         string
	Tabulation    string // a saved view of the summary table
	Message       string
	Delivery      string // of a message, or of several; the stem of a letter's Message-ID
	Hook          string // a program or a robot that is told of what happens
	Feed          string // a calendar that somebody subscribed to
)

var prefixes = map[string]string{
	"id.Round": "rnd", "id.Organisation": "org", "id.Application": "app", "id.Review": "rev",
	"id.Visit": "vis", "id.Meeting": "mtg", "id.Item": "itm", "id.CountSheet": "cst", "id.Publicity": "pub", "id.Probe": "prb",
	"id.Candidate": "cnd", "id.Objection": "obj", "id.Naming": "nam", "id.Designation": "dsg",
	"id.Plaque": "plq", "id.Photograph": "pht", "id.Recheck": "rck", "id.Trigger": "trg", "id.Misuse": "mis", "id.Attachment": "att", "id.Document": "doc", "id.Plan": "pln", "id.Rectification": "rct", "id.Revocation": "rvk",
	"id.Account": "acc", "id.PartyBody": "pty", "id.Session": "ses", "id.Arrangement": "arr", "id.Ruling": "rul",
	"id.Roster": "rst", "id.File": "fil", "id.Upload": "upl", "id.FactChange": "fch", "id.Interest": "int",
	"id.Credential": "crd", "id.Draw": "drw", "id.Edit": "edt",
	"id.Ceremony": "cer", "id.Election": "elc", "id.Token": "tok", "id.Note": "nte", "id.Calibration": "cal", "id.Marking": "mkg", "id.Story": "sty", "id.Tabulation": "tab",
	"id.Message": "msg", "id.Delivery": "dlv", "id.Hook": "hok", "id.Feed": "fed",
}

const signs = "0123456789abcdefghjkmnpqrstvwxyz"

// New returns a fresh identifier of type T, with randomness from r. It panics
// when T is no identifier of this package or r fails: a system without
// randomness must not go on.
func New[T ~string](r io.Reader) T {
	prefix, ok := prefixes[fmt.Sprintf("%T", *new(T))]
	if !ok {
		panic(fmt.Sprintf("id: %T is not a random identifier", *new(T)))
	}
	var b [16]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		panic("id: no randomness: " + err.Error())
	}
	for i := range b {
		b[i] = signs[b[i]&31]
	}
	return T(prefix + "_" + string(b[:]))
}
