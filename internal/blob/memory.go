package blob

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"
)

// memory keeps blobs as long as the process lives: for worlds that are played and
// forgotten.
type memory struct {
	now   func() time.Time
	one   sync.Mutex
	blobs map[string]inMemory
}

// inMemory is a blob and since when it is kept.
type inMemory struct {
	bytes []byte
	since time.Time
}

// Memory returns a store that is forgotten with the process. now is its clock.
func Memory(now func() time.Time) Store { return &memory{now: now, blobs: map[string]inMemory{}} }

// Put implements Store.
func (m *memory) Put(_ context.Context, sum string, size int64, r io.Reader) error {
	if _, _, err := name(sum); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := same(sum, size, io.TeeReader(r, &b)); err != nil {
		return err
	}
	m.one.Lock()
	defer m.one.Unlock()
	m.blobs[sum] = inMemory{b.Bytes(), m.now()}
	return nil
}

// Open implements Store.
func (m *memory) Open(_ context.Context, sum string) (File, error) {
	if _, _, err := name(sum); err != nil {
		return nil, err
	}
	m.one.Lock()
	defer m.one.Unlock()
	b, there := m.blobs[sum]
	if !there {
		return nil, ErrAbsent
	}
	return unclosed{bytes.NewReader(b.bytes)}, nil
}

// unclosed needs no closing.
type unclosed struct{ *bytes.Reader }

// Close implements io.Closer.
func (unclosed) Close() error { return nil }

// Stat implements Store.
func (m *memory) Stat(_ context.Context, sum string) (Info, error) {
	if _, _, err := name(sum); err != nil {
		return Info{}, err
	}
	m.one.Lock()
	defer m.one.Unlock()
	b, there := m.blobs[sum]
	if !there {
		return Info{}, ErrAbsent
	}
	return Info{Sum: sum, Size: int64(len(b.bytes)), Since: b.since}, nil
}

// Tidy implements Store: nothing is left by what is interrupted.
func (*memory) Tidy(context.Context, time.Time) error { return nil }

// Remove implements Store.
func (m *memory) Remove(_ context.Context, sum string, before time.Time) (gone bool, err error) {
	if _, _, err := name(sum); err != nil {
		return false, err
	}
	m.one.Lock()
	defer m.one.Unlock()
	if b, there := m.blobs[sum]; !there || !b.since.Before(before) {
		return false, nil
	}
	delete(m.blobs, sum)
	return true, nil
}

// List implements Store.
func (m *memory) List(_ context.Context, tell func(Info) error) error {
	m.one.Lock()
	all := make([]Info, 0, len(m.blobs))
	for sum, b := range m.blobs {
		all = append(all, Info{Sum: sum, Size: int64(len(b.bytes)), Since: b.since})
	}
	m.one.Unlock()
	for _, i := range all {
		if err := tell(i); err != nil {
			return err
		}
	}
	return nil
}
