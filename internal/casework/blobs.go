package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shifan/internal/blob"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/file"
	"shifan/internal/store"
)

// errLost says that rows name bytes that are not there.
var errLost = errors.New("缺少文件：存放文件的地方没有数据库里记的文件，可能接错了文件夹或者存储桶，也可能没有把文件一起恢复")

// CheckBlobs looks whether what the newest files name is where files are kept, whole.
// It returns why not.
func (d *Desk) CheckBlobs(ctx context.Context, most int) error {
	if d.Files.Blobs == nil {
		return nil
	}
	var newest []file.File
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		newest, err = tx.NewestFiles(most)
		return err
	}); err != nil {
		return err
	}
	lost, example := 0, ""
	for _, f := range newest {
		i, err := d.Files.Blobs.Stat(ctx, f.SHA256)
		switch {
		case errors.Is(err, blob.ErrAbsent), err == nil && i.Size != f.Size:
			lost, example = lost+1, f.SHA256
		case err != nil:
			return err
		}
	}
	if lost > 0 {
		return fmt.Errorf("%w（最近上传的%d个里缺少%d个，例如SHA-256为%s的）", errLost, len(newest), lost, example)
	}
	return nil
}

// sweepMost is how many blobs are looked up at once.
const sweepMost = 200

// SweepBlobs takes away the bytes that no row names and that nobody kept since an
// instant, by the clock of the machine: an upload is between keeping its bytes and
// writing its row for much less than that. It may run on several nodes at once.
func (d *Desk) SweepBlobs(ctx context.Context, before time.Time) (gone int, err error) {
	defer fault.Wrap(&err, "casework.SweepBlobs")
	if d.Files.Blobs == nil {
		return 0, nil
	}
	if err := d.Files.Blobs.Tidy(ctx, before); err != nil {
		return 0, err
	}
	var old []string
	sweep := func() error {
		n, err := d.sweep(ctx, old, before)
		gone, old = gone+n, old[:0]
		return err
	}
	if err := d.Files.Blobs.List(ctx, func(i blob.Info) error {
		if !i.Since.Before(before) {
			return nil
		}
		if old = append(old, i.Sum); len(old) < sweepMost {
			return nil
		}
		return sweep()
	}); err != nil {
		return gone, err
	}
	return gone, sweep()
}

// sweep takes away those of some old blobs that no row names.
func (d *Desk) sweep(ctx context.Context, old []string, before time.Time) (gone int, err error) {
	if len(old) == 0 {
		return 0, nil
	}
	var named map[string]bool
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		named, err = tx.NamesBlobs(old)
		return err
	}); err != nil {
		return 0, err
	}
	for _, sum := range old {
		if named[sum] {
			continue
		}
		went, err := d.Files.Blobs.Remove(ctx, sum, before)
		if err != nil {
			return gone, err
		}
		if went {
			gone++
		}
	}
	return gone, nil
}
