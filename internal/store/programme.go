package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var programmes = table[programme.Standing]{
	name:    "programmes",
	columns: []string{"name", "state", "current", "merged", "document", "reason", "since", "version"},
	fields: func(s *programme.Standing) []any {
		return []any{&s.Name, &s.State, &s.Current, &s.Into, &s.Document, &s.Reason, asTime(&s.Since), &s.Version}
	},
	version: func(s *programme.Standing) *int64 { return &s.Version },
}

// ProgrammeFile is one version of a programme's file as it was loaded. It never
// changes: rounds freeze it (S4).
type ProgrammeFile struct {
	Key       string // the programme's name, "@" and the number
	Programme id.Programme
	Number    int
	File      string // the text
	Digest    string // SHA-256 of the text, in hexadecimal
	LoadedAt  time.Time
	LoadedBy  id.Account
}

var programmeFiles = table[ProgrammeFile]{
	name:    "programme_versions",
	columns: []string{"id", "programme", "number", "file", "digest", "loaded_at", "loaded_by"},
	fields: func(v *ProgrammeFile) []any {
		return []any{&v.Key, &v.Programme, &v.Number, &v.File, &v.Digest, asTime(&v.LoadedAt), &v.LoadedBy}
	},
}

// Programme returns how a programme stands, or fault.Missing. Programmes are
// public: everybody may see every one and every version.
func (tx *Tx) Programme(name id.Programme) (programme.Standing, error) {
	return programmes.get(tx, string(name))
}

// Programmes lists how all programmes stand, by name. There are a handful.
func (tx *Tx) Programmes() ([]programme.Standing, error) {
	return programmes.list(tx, "ORDER BY name")
}

// AddProgramme adds a programme.
func (tx *Tx) AddProgramme(s *programme.Standing) error { return programmes.insert(tx, s) }

// PutProgramme saves how a programme stands, unless someone else saved it since
// it was read.
func (tx *Tx) PutProgramme(s *programme.Standing) error { return programmes.update(tx, s) }

// AddProgrammeFile adds a version of a programme's file.
func (tx *Tx) AddProgrammeFile(v *ProgrammeFile) error {
	v.Key, v.Digest = programmeKey(v.Programme, v.Number), ProgrammeDigest(v.File)
	return programmeFiles.insert(tx, v)
}

// ProgrammeDigest is the digest under which a file's text is kept.
func ProgrammeDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func programmeKey(name id.Programme, number int) string {
	return fmt.Sprintf("%s@%d", name, number)
}

// ProgrammeFile returns a version of a programme's file, or fault.Missing.
func (tx *Tx) ProgrammeFile(name id.Programme, number int) (ProgrammeFile, error) {
	return programmeFiles.get(tx, programmeKey(name, number))
}

// ProgrammeFiles lists the versions of a programme's file, the latest first.
func (tx *Tx) ProgrammeFiles(name id.Programme) ([]ProgrammeFile, error) {
	return programmeFiles.list(tx, "WHERE programme = $1 ORDER BY number DESC", string(name))
}

// ProgrammeVersion returns what a version of a programme says, or fault.Missing.
// It is shared by all who read it: change nothing in it.
func (tx *Tx) ProgrammeVersion(name id.Programme, number int) (*programme.Programme, error) {
	key := programmeKey(name, number)
	if p := tx.versions[key]; p != nil {
		return p, nil
	}
	if tx.shared != nil && tx.shared.versions[key] != nil {
		return tx.shared.versions[key], nil
	}
	p, err := tx.programmeVersion(key)
	if err == nil && tx.versions != nil {
		tx.versions[key] = p
	}
	return p, err
}

func (tx *Tx) programmeVersion(key string) (*programme.Programme, error) {
	known, err := programmeDigests.list(tx, "WHERE id = $1", key)
	if err != nil {
		return nil, err
	}
	if len(known) == 1 {
		if p, ok := versions.Load(known[0].Digest); ok {
			return p.(*programme.Programme), nil
		}
	}
	v, err := programmeFiles.get(tx, key)
	if err != nil {
		return nil, err
	}
	return parsed(v)
}

// programmeDigests are the versions without their text, which is long: what it says was
// mostly read before.
var programmeDigests = programmeFiles.some([]string{"id", "programme", "digest"}, func(v *ProgrammeFile) []any {
	return []any{&v.Key, &v.Programme, &v.Digest}
})

// versions keeps what was parsed, by the digest of its text.
var versions sync.Map // string → *programme.Programme

func parsed(v ProgrammeFile) (*programme.Programme, error) {
	if p, ok := versions.Load(v.Digest); ok {
		return p.(*programme.Programme), nil
	}
	p, err := format.Kept([]byte(v.File))
	if err != nil {
		return nil, fmt.Errorf("programme %s: %w", v.Key, err)
	}
	kept, _ := versions.LoadOrStore(v.Digest, p)
	return kept.(*programme.Programme), nil
}

// ProgrammeNow returns the version of a programme that a call published now
// would freeze, and the programme's state.
func (tx *Tx) ProgrammeNow(name id.Programme) (*programme.Programme, stage.State, error) {
	s, err := tx.Programme(name)
	if err != nil {
		return nil, "", err
	}
	p, err := tx.ProgrammeVersion(name, s.Current)
	return p, s.State, err
}

// ProgrammeOf returns the version of the programme that a round froze when its
// call was published (S4); before that, the current one.
func (tx *Tx) ProgrammeOf(key id.Round) (*programme.Programme, error) {
	r, err := frozen.get(tx, string(key))
	if err != nil {
		return nil, err
	}
	if r.ProgrammeVersion > 0 {
		return tx.ProgrammeVersion(r.Programme, r.ProgrammeVersion)
	}
	p, _, err := tx.ProgrammeNow(r.Programme)
	return p, err
}

// frozen says which version of its programme a round froze.
var frozen = rounds.some([]string{"id", "programme", "programme_version"}, func(r *round.Round) []any {
	return []any{&r.ID, &r.Programme, &r.ProgrammeVersion}
})

// ProgrammesNow lists what the programmes that may call for applications now
// say: those that are active.
func (tx *Tx) ProgrammesNow() (all []*programme.Programme, err error) {
	standings, err := tx.Programmes()
	if err != nil {
		return nil, err
	}
	for _, s := range standings {
		if s.State != programme.Active {
			continue
		}
		p, err := tx.ProgrammeVersion(s.Name, s.Current)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}
