package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"time"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/probe"
)

// How long a visit may take, and how much of a page is read.
const (
	visitMost = 20 * time.Second
	pageMost  = 8 << 20
)

// Probes visits the public addresses of the publicities that run, until ctx is done. base
// is the address of this site, now the clock of the machine.
func Probes(ctx context.Context, desk *casework.Desk, base string, now func() time.Time, log *slog.Logger) {
	for ctx.Err() == nil {
		if _, err := Probe(ctx, desk, base, now); err != nil && ctx.Err() == nil {
			log.Error("probe", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(atMost):
		}
	}
}

// Probe visits the addresses that are due, once, and returns how many there were.
func Probe(ctx context.Context, desk *casework.Desk, base string, now func() time.Time) (visited int, err error) {
	due, err := desk.ProbesDue(ctx, base)
	if err != nil {
		return 0, err
	}
	for _, t := range due {
		v := look(ctx, t.URL, now)
		v.Publicity = t.Publicity
		if ctx.Err() != nil {
			return visited, ctx.Err()
		}
		if err := desk.KeepProbe(ctx, v); err != nil {
			return visited, err
		}
		visited++
	}
	return visited, nil
}

// look visits an address as anybody would.
func look(ctx context.Context, address string, now func() time.Time) (v probe.Probe) {
	v.URL = address
	ctx, cancel := context.WithTimeout(ctx, visitMost)
	defer cancel()
	began := now()
	defer func() { v.Took = now().Sub(began).Milliseconds() }()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		v.Say = err.Error()
		return v
	}
	r.Header.Set("User-Agent", "shifan (publicity check)")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		v.Say = err.Error()
		return v
	}
	defer a.Body.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(a.Body, pageMost)); err != nil {
		v.Say = err.Error()
		return v
	}
	v.Status = a.StatusCode
	if v.Reached = a.StatusCode == http.StatusOK; v.Reached {
		v.Digest = hex.EncodeToString(sum.Sum(nil))
	} else {
		v.Say = a.Status
	}
	return v
}
