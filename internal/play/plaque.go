package play

import (
	"context"
	"path/filepath"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/plaque"
)

// writePlaques leaves the artwork of the plaque that stands for each title, called by the
// title's number. A program that was built without fonts leaves none: writeDocuments says
// so.
func (t *Theatre) writePlaques(ctx context.Context, dir string) error {
	f := casework.PlaqueFilter{Limit: 100}
	for {
		all, err := t.Desk.Plaques(ctx, reader, f)
		if err != nil {
			return err
		}
		for _, v := range all {
			if v.Plaque.State == plaque.Replaced {
				continue
			}
			a, err := t.Desk.PlaqueArtwork(ctx, reader, v.Plaque.ID, site)
			if fault.CodeOf(err) == "artwork.fonts" {
				return nil
			}
			if err != nil {
				return err
			}
			name := filepath.Join("plaques", v.Title.Designation.Number)
			for ending, drawn := range map[string]func() ([]byte, error){".pdf": a.PDF, ".png": a.PNG} {
				b, err := drawn()
				if err != nil {
					return err
				}
				if err := write(dir, name+ending, b); err != nil {
					return err
				}
			}
		}
		if len(all) < f.Limit {
			return nil
		}
		f.After = all[len(all)-1].Plaque.ID
	}
}
