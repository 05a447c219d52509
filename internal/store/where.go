package store

import (
	"fmt"
	"strings"
)

// where builds the WHERE of a list: conditions with ? for each argument, which
// become $1, $2 … as both engines take them. The conditions are constants of
// the program; what people typed goes into the arguments only.
type where struct {
	conditions []string
	args       []any
}

// and adds a condition.
func (w *where) and(condition string, args ...any) {
	for _, a := range args {
		condition = strings.Replace(condition, "?", w.mark(a), 1)
	}
	w.conditions = append(w.conditions, condition)
}

// mark adds an argument and returns its place.
func (w *where) mark(arg any) string {
	w.args = append(w.args, arg)
	return fmt.Sprintf("$%d", len(w.args))
}

// String returns WHERE and the conditions, or nothing when there are none.
func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(w.conditions, " AND ")
}
