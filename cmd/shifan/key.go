package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"shifan/internal/record"
	"shifan/internal/store"
)

// The record's key and the last checkpoint that this machine has seen signed lie in
// the data folder, beside the database and not in it: who can write the database
// can neither sign nor put it back to an older copy unseen.
const (
	keyFile        = "record.key"
	checkpointFile = "record.checkpoint"
)

// key reads the record's key; it is made at the first start.
func (d *data) key() (record.Key, error) {
	file := filepath.Join(d.dir, keyFile)
	text, err := os.ReadFile(file)
	if err == nil {
		return record.ParseKey(string(text))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return record.Key{}, err
	}
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails
	sum := sha256.Sum256(b[:])
	k, err := record.NewKey(rand.Reader, "shifan/"+hex.EncodeToString(sum[:4]))
	if err != nil {
		return k, err
	}
	return k, whole(file, k.Text+"\n")
}

// whole writes a file so that it is there whole or not at all, for nobody else to
// read.
func whole(file, text string) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), file)
}

// kept returns the last checkpoint that this machine has seen, or "".
func (d *data) kept() (string, error) {
	text, err := os.ReadFile(filepath.Join(d.dir, checkpointFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return string(text), err
}

// errOlder says that the database is not the one that this machine served last.
var errOlder = errors.New("数据库比本机上次签名的检查点旧，或者是另一份历史。核对是不是恢复了旧的备份；确认要用它的，先把数据文件夹里的 record.checkpoint 移走")

// extends checks that the database goes on from the last checkpoint that this
// machine has seen.
func (d *data) extends(ctx context.Context, s *store.Store, verifier string) error {
	kept, err := d.kept()
	if err != nil || kept == "" {
		return err
	}
	if err := s.Extends(ctx, kept, verifier); err != nil {
		return fmt.Errorf("%w（%w）", errOlder, err)
	}
	return nil
}

// sequence gives the entries of the record their places, and keeps the signed head
// on this machine.
func (d *data) sequence(ctx context.Context, s *store.Store) error {
	if err := s.Sequence(ctx); err != nil {
		return err
	}
	var h store.Head
	if err := s.View(ctx, func(tx *store.Tx) (err error) {
		h, err = tx.Head()
		return err
	}); err != nil {
		return err
	}
	kept, err := d.kept()
	if err != nil || kept == h.Checkpoint || h.Checkpoint == "" {
		return err
	}
	return whole(filepath.Join(d.dir, checkpointFile), h.Checkpoint)
}

// How soon after a change the record is sequenced, and how often it is when only
// another node has changed something.
const (
	sequenceSoon  = 300 * time.Millisecond
	sequenceAgain = 5 * time.Second
)

// keepSequencing gives entries their places shortly after they are committed.
func (d *data) keepSequencing(ctx context.Context, s *store.Store, log *slog.Logger) {
	for {
		if err := d.sequence(ctx, s); err != nil && ctx.Err() == nil {
			log.Error("sequence the record", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.Changed():
		case <-time.After(sequenceAgain):
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sequenceSoon):
		}
	}
}
