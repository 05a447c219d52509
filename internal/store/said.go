package store

import (
	"database/sql/driver"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"unicode/utf8"

	"shifan/internal/lifecycle/answer"
)

// saidMost bounds the texts of answers of which it is remembered what they say, in bytes.
const saidMost = 2 << 20

// said remembers what texts of answers say that were written lately: an application that
// is being filled in is read every few seconds, and it is what was written last.
var said = struct {
	sync.Mutex
	by    map[string]map[string]answer.Answer
	bytes int
}{by: map[string]map[string]answer.Answer{}}

// remember keeps what a text says; whoever reads it gets a copy.
func remember(text string, all map[string]answer.Answer) {
	all = copied(all)
	said.Lock()
	defer said.Unlock()
	if said.bytes += len(text); said.bytes > saidMost {
		clear(said.by)
		said.bytes = len(text)
	}
	said.by[text] = all
}

// copied returns answers that share nothing with these.
func copied(all map[string]answer.Answer) map[string]answer.Answer {
	all = maps.Clone(all)
	for code, w := range all {
		w.Evidence, w.Files = slices.Clone(w.Evidence), slices.Clone(w.Files)
		all[code] = w
	}
	return all
}

// asAnswers keeps answers as asJSON does.
func asAnswers(all *map[string]answer.Answer) any {
	return column{
		write: func() (driver.Value, error) {
			b, err := json.Marshal(*all)
			text := string(b)
			if err == nil && whole(*all) {
				remember(text, *all)
			}
			return text, err
		},
		read: func(src any) error {
			s, err := text(src)
			if err != nil || s == "" {
				return err
			}
			said.Lock()
			known, ok := said.by[s]
			said.Unlock()
			if ok {
				*all = copied(known)
				return nil
			}
			return json.Unmarshal([]byte(s), all)
		},
	}
}

// whole reports whether answers come out of their JSON as they went in.
func whole(all map[string]answer.Answer) bool {
	for code, w := range all {
		ok := utf8.ValidString(code) && utf8.ValidString(w.Rating) && utf8.ValidString(w.Statement) && (w.Files == nil || len(w.Files) > 0)
		for _, e := range w.Evidence {
			ok = ok && utf8.ValidString(e)
		}
		for _, f := range w.Files {
			ok = ok && utf8.ValidString(f.Name) && utf8.ValidString(f.SHA256)
		}
		if !ok {
			return false
		}
	}
	return true
}
