package play

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Line is one act of a life, as the record has it.
type Line struct {
	At    time.Time `json:"at"`
	By    string    `json:"by"` // an invented name, or clock
	Role  string    `json:"role"`
	Act   string    `json:"act"`
	Thing string    `json:"thing"`
	From  string    `json:"from"`
	To    string    `json:"to"`
	Basis string    `json:"basis"`
	Entry int64     `json:"entry"` // its place in the record, from 0
}

// Begin is the day on which a life begins.
var Begin = calendar.MustDate("2021-03-01")

// Play lives the whole life of a programme on a store and returns its timeline and
// its counts. The store is new, and its record has its key.
func Play(ctx context.Context, s *store.Store, file []byte) (*Theatre, []Line, Counts, error) {
	t, err := Open(ctx, s, file, Begin, houses)
	if err == nil {
		t.dated = true
		err = run(t.sign)
	}
	if err == nil {
		err = t.Live()
	}
	if err == nil {
		err = s.Sequence(ctx) // so that every line has its place
	}
	if err != nil {
		return t, nil, Counts{}, err
	}
	lines, err := t.Timeline(ctx)
	if err != nil {
		return t, nil, Counts{}, err
	}
	c, err := t.Summary()
	c.timed(lines)
	return t, lines, c, err
}

// Timeline lists every act on the programme and its organisations, the first first.
func (t *Theatre) Timeline(ctx context.Context) (lines []Line, err error) {
	err = t.Desk.Store.View(ctx, func(tx *store.Tx) error {
		before := int64(0)
		for {
			page, err := tx.Entries(stage.Actor{Role: stage.Auditor}, store.EntryFilter{Before: before, Limit: 500})
			if err != nil || len(page) == 0 {
				return err
			}
			for _, e := range page {
				lines = append(lines, Line{
					At: e.At.In(calendar.Zone), By: t.who(e.By), Role: e.Role, Act: e.Act, Thing: e.Thing, From: e.From, To: e.To, Basis: e.Basis, Entry: e.Position,
				})
				before = e.Ticket
			}
		}
	})
	slices.Reverse(lines)
	return lines, err
}

func (t *Theatre) who(key id.Account) string {
	if name := t.Name(key); name != "" {
		return name
	}
	return string(key)
}

// Write leaves a life's artefacts below a folder: timeline.json, summary.json, each
// publicity as it was published with its digest, the record of each draw, the documents
// of the applications, the artwork of its plaques, the archives of its secret ballots, the credentials with what
// verifies them, and the record as it is exported.
func (t *Theatre) Write(ctx context.Context, dir string, lines []Line, c Counts) error {
	for name, v := range map[string]any{"timeline.json": lines, "summary.json": c} {
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return err
		}
		if err := write(dir, name, append(b, '\n')); err != nil {
			return err
		}
	}
	if err := t.writePublicities(ctx, dir); err != nil {
		return err
	}
	if err := t.writeDraws(ctx, dir); err != nil {
		return err
	}
	if err := t.writeDocuments(ctx, dir); err != nil {
		return err
	}
	if err := t.writeBallots(ctx, dir); err != nil {
		return err
	}
	if err := t.writePlaques(ctx, dir); err != nil {
		return err
	}
	if err := t.writeCredentials(ctx, dir); err != nil {
		return err
	}
	_, err := t.Desk.ExportRecord(ctx, func(path string, b []byte) error {
		return write(dir, filepath.Join("record", filepath.FromSlash(path)), b)
	})
	return err
}

// writePublicities leaves each publicity as it was published: its words with their digest,
// the page, and the package for the site that carries it, as a folder and in one file.
func (t *Theatre) writePublicities(ctx context.Context, dir string) error {
	all, err := t.Desk.Publicities(ctx, reader, casework.PublicityFilter{Limit: 1000})
	for _, v := range all {
		if err == nil && v.Publicity.Published() {
			err = t.writeHandover(ctx, filepath.Join(dir, "publicities", string(v.Publicity.ID)), v.Publicity.ID)
		}
	}
	if err != nil {
		return err
	}
	return t.Desk.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Publicities(stage.Anyone, store.PublicityFilter{Limit: 1000})
		if err != nil {
			return err
		}
		for _, p := range all {
			if err := write(dir, filepath.Join("publicities", string(p.ID), "list.txt"), []byte(p.Snapshot)); err != nil {
				return err
			}
			if err := write(dir, filepath.Join("publicities", string(p.ID), "sha256.txt"), []byte(p.Digest+"  list.txt\n")); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Theatre) writeHandover(ctx context.Context, dir string, key id.Publicity) error {
	files, err := t.Desk.Handover(ctx, reader, key, site)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := write(dir, filepath.Join("handover", f.Name), f.Text); err != nil {
			return err
		}
		if f.Name == "publicity.html" {
			if err := write(dir, f.Name, f.Text); err != nil {
				return err
			}
		}
	}
	_, b, err := t.Desk.HandoverZIP(ctx, reader, key, site)
	if err != nil {
		return err
	}
	return write(dir, "handover.zip", b)
}

// write writes a file below a folder and makes the folders that it needs.
func write(dir, name string, b []byte) error {
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, b, 0o644)
}
