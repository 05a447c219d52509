package play

import (
	"context"
	"errors"
	"path/filepath"

	"shifan/internal/archive"
	"shifan/internal/casework"
)

// WriteArchive leaves the archive package of the first round below archive, and returns
// the timeline and the counts with the line that the record got by it.
func (t *Theatre) WriteArchive(ctx context.Context, dir string, c Counts) ([]Line, Counts, error) {
	f, err := archive.NewFolder(filepath.Join(dir, "archive"))
	if err != nil {
		return nil, c, err
	}
	if _, err := t.Desk.ArchiveRound(ctx, casework.Console, c.Rounds[0].Round, f); err != nil {
		return nil, c, errors.Join(err, f.Drop())
	}
	if err := f.Done(); err != nil {
		return nil, c, err
	}
	lines, err := t.Timeline(ctx)
	c.timed(lines)
	return lines, c, err
}
