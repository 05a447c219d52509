package blob

import "time"

// Age says since when a store in memory keeps a blob.
func Age(s Store, sum string, since time.Time) {
	m := s.(*memory)
	m.one.Lock()
	defer m.one.Unlock()
	b := m.blobs[sum]
	b.since = since
	m.blobs[sum] = b
}
