package format

// Layout says what a file holds and where it stands there.
type Layout struct {
	Lines  []string
	Value  map[string]any // as it is written, without defaults
	places map[string]place
}

// Lay reads a file in which Read finds nothing wrong.
func Lay(text []byte) Layout {
	r := &reader{places: map[string]place{}}
	r.readable(text)
	value, _ := r.tree()
	return Layout{r.lines, value, r.places}
}

// At returns where the value at a path stands (its parts joined by slashes), and on which
// line its name does; all from 1, and 0 when it does not stand there.
func (l Layout) At(path string) (line, column, name int) {
	p := l.places[path]
	return p.line, p.column, p.keyLine
}
