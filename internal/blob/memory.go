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
	one   sync.Mutex
	blobs map[string][]byte
}

// Memory returns a store that is forgotten with the process.
func Memory() Store { return &memory{blobs: map[string][]byte{}} }

// within implements Within.
func (m *memory) within(string) (Store, error) { return Memory(), nil }

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
	m.blobs[sum] = b.Bytes()
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
	return inMemory{bytes.NewReader(b)}, nil
}

// inMemory needs no closing.
type inMemory struct{ *bytes.Reader }

// Close implements io.Closer.
func (inMemory) Close() error { return nil }

// Remove implements Store.
func (m *memory) Remove(_ context.Context, sum string) error {
	if _, _, err := name(sum); err != nil {
		return err
	}
	m.one.Lock()
	defer m.one.Unlock()
	delete(m.blobs, sum)
	return nil
}

// List implements Store.
func (m *memory) List(_ context.Context, tell func(Info) error) error {
	m.one.Lock()
	all := make([]Info, 0, len(m.blobs))
	for sum, b := range m.blobs {
		all = append(all, Info{Sum: sum, Size: int64(len(b)), Since: time.Time{}})
	}
	m.one.Unlock()
	for _, i := range all {
		if err := tell(i); err != nil {
			return err
		}
	}
	return nil
}
