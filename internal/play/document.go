package play

import (
	"context"
	"path/filepath"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// writeDocuments leaves every document of a life below documents. A program that was
// built without fonts leaves a file that says so instead.
func (t *Theatre) writeDocuments(ctx context.Context, dir string) error {
	auditor := stage.Actor{Role: stage.Auditor}
	f := casework.ApplicationFilter{Limit: 100}
	for {
		lines, err := t.Desk.Applications(ctx, auditor, f)
		if err != nil {
			return err
		}
		for _, l := range lines {
			err := t.writeApplication(ctx, dir, auditor, l.Application.ID)
			if fault.CodeOf(err) == "paper.fonts" {
				return write(dir, filepath.Join("documents", "没有字体.txt"), []byte(err.Error()+"\n"))
			}
			if err != nil {
				return err
			}
		}
		if len(lines) < f.Limit {
			return nil
		}
		f.After = lines[len(lines)-1].Application.ID
	}
}

func (t *Theatre) writeApplication(ctx context.Context, dir string, by stage.Actor, key id.Application) error {
	v, err := t.Desk.Application(ctx, by, key)
	if err != nil {
		return err
	}
	for _, l := range v.Papers() {
		p, err := t.Desk.ApplicationPaper(ctx, by, key, l.Kind)
		if err != nil {
			return err
		}
		if err := write(dir, filepath.Join("documents", strings.ReplaceAll(p.Name, " ", "-")+".pdf"), p.PDF); err != nil {
			return err
		}
	}
	return nil
}
