package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Seal says that a transaction wrote one row: the digest of the row as it was
// before, empty when there was none, and as it is now, empty when it is gone. So
// at any time the digests that no later seal supersedes are exactly the rows
// that there are. A digest is salted; the salt lies beside the row.
type Seal struct {
	Table    string
	Was, Now string
}

// SealsText writes a list of seals as it is kept, and hashed into the leaf.
func SealsText(seals []Seal) string {
	if len(seals) == 0 {
		return ""
	}
	flat := make([][3]string, len(seals))
	for i, s := range seals {
		flat[i] = [3]string{s.Table, s.Was, s.Now}
	}
	b, _ := json.Marshal(flat) //nolint:errcheck // strings always have a form
	return string(b)
}

// ParseSeals reads a list of seals.
func ParseSeals(text string) ([]Seal, error) {
	if text == "" {
		return nil, nil
	}
	var flat [][3]string
	if err := json.Unmarshal([]byte(text), &flat); err != nil {
		return nil, fmt.Errorf("record: not a list of seals: %w", err)
	}
	seals := make([]Seal, len(flat))
	for i, f := range flat {
		seals[i] = Seal{f[0], f[1], f[2]}
	}
	return seals, nil
}

// SealsDigest is what a leaf says of a list of seals as it is kept.
func SealsDigest(text string) string {
	if text == "" {
		return ""
	}
	return digest("seals", text)
}

// RowDigest is the salted digest of a row of a table: of every column by its name.
// A value is a string, an int64, a bool or nil. What is empty ("", 0, false) is left
// out, so that a column which a later version adds changes no digest.
func RowDigest(salt, table string, row map[string]any) string {
	parts := []string{"row", salt, table}
	for _, name := range slices.Sorted(maps.Keys(row)) {
		switch v := row[name].(type) {
		case string:
			if v != "" {
				parts = append(parts, name, "s"+v)
			}
		case int64:
			if v != 0 {
				parts = append(parts, name, "i"+strconv.FormatInt(v, 10))
			}
		case bool:
			if v {
				parts = append(parts, name, "i1") // SQLite keeps true as 1
			}
		default:
			parts = append(parts, name, fmt.Sprintf("?%T %v", v, v))
		}
	}
	return digest(parts...)
}
