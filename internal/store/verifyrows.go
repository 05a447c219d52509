package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shifan/internal/record"
)

// column of a table, as the engine describes it.
type schemaColumn struct {
	name, kind string // kind: TEXT, BIGINT or BOOLEAN
	key        int    // its place in the primary key, from 1; 0: none
}

// schemaOf reads the tables that there are, whoever made them.
func (tx *Tx) schemaOf() (map[string][]schemaColumn, error) {
	rows, err := tx.tx.QueryContext(tx.ctx, tx.dialect.schema)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string][]schemaColumn{}
	for rows.Next() {
		var table string
		var c schemaColumn
		if err := rows.Scan(&table, &c.name, &c.kind, &c.key); err != nil {
			return nil, err
		}
		all[table] = append(all[table], c)
	}
	return all, rows.Err()
}

// keptSeal is a row of the table seals.
type keptSeal struct{ key, salt, digest string }

// rows compares every row of every table with its last seal.
func (v *verification) rows() error {
	schema, err := v.tx.schemaOf()
	if err != nil {
		return err
	}
	seals, err := v.keptSeals()
	if err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(schema)) {
		if sealedTable(table) {
			if err := v.table(table, schema[table], seals[table]); err != nil {
				return err
			}
			delete(seals, table)
		}
	}
	for _, table := range slices.Sorted(maps.Keys(seals)) {
		for key := range seals[table] {
			v.differs("seals", table+" "+key, -1, "有封印，没有这张表")
		}
	}
	for _, digest := range slices.SortedFunc(maps.Keys(v.live), func(a, b string) int { return int(v.live[a].entry - v.live[b].entry) }) {
		by := v.live[digest]
		v.differs(by.table, "", by.entry, "第%d条（%s）写下的一行不在了，或者被改回了从前的内容", by.entry, by.thing)
	}
	return v.migrations()
}

// keptSeals reads the table seals: by table and key.
func (v *verification) keptSeals() (map[string]map[string]keptSeal, error) {
	rows, err := v.tx.tx.QueryContext(v.tx.ctx, "SELECT name, key, salt, digest FROM seals")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]map[string]keptSeal{}
	for rows.Next() {
		var table string
		var s keptSeal
		if err := rows.Scan(&table, &s.key, &s.salt, &s.digest); err != nil {
			return nil, err
		}
		if all[table] == nil {
			all[table] = map[string]keptSeal{}
		}
		all[table][s.key] = s
	}
	return all, rows.Err()
}

// table compares the rows of one table.
func (v *verification) table(name string, columns []schemaColumn, seals map[string]keptSeal) error {
	raw := make([]string, len(columns))
	key := 0
	for i, c := range columns {
		raw[i] = v.tx.dialect.raw(`"` + c.name + `"`)
		if c.key == 1 {
			key = i
		}
	}
	rows, err := v.tx.tx.QueryContext(v.tx.ctx, "SELECT "+strings.Join(raw, ", ")+` FROM "`+name+`"`)
	if err != nil {
		return err
	}
	defer rows.Close()
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		v.Rows++
		row := map[string]any{}
		for i, c := range columns {
			row[c.name] = asKept(c.kind, kept(values[i]))
		}
		at := fmt.Sprint(kept(values[key]))
		s, sealed := seals[at]
		delete(seals, at)
		v.row(name, at, s, sealed, row)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, s := range slices.SortedFunc(maps.Values(seals), func(a, b keptSeal) int { return strings.Compare(a.key, b.key) }) {
		v.differs(name, s.key, v.entryOf(s.digest), "这一行被删除了")
		delete(v.live, s.digest)
	}
	return nil
}

// asKept marks a value that is not of its column's kind, as SQLite allows, so that
// it never passes for an empty one.
func asKept(kind string, v any) any {
	_, text := v.(string)
	_, whole := v.(int64)
	_, truth := v.(bool)
	if kind == "TEXT" && text || kind == "BIGINT" && whole || kind == "BOOLEAN" && (truth || whole) {
		return v
	}
	return sql.Null[any]{V: v}
}

// row compares one row with its seal.
func (v *verification) row(table, key string, s keptSeal, sealed bool, row map[string]any) {
	if !sealed {
		v.differs(table, key, -1, "这一行没有封印：是另外加进去的，或者主键、封印被改过")
		return
	}
	digest := record.RowDigest(s.salt, table, row)
	by, live := v.live[digest]
	switch {
	case live && by.table == table && digest == s.digest:
	case live && by.table == table:
		v.differs("seals", table+" "+key, by.entry, "封印被改过，行没有变")
	case digest == s.digest:
		v.differs(table, key, -1, "这一行连同封印被改成了存证日志里没有的，或者从前的内容")
	default:
		v.differs(table, key, v.entryOf(s.digest), "这一行或者它的盐被改过，和存证日志里最后的封印不同")
		digest = s.digest
	}
	delete(v.live, digest)
}

// entryOf returns the entry that set a seal, or -1.
func (v *verification) entryOf(digest string) int64 {
	if by, ok := v.live[digest]; ok {
		return by.entry
	}
	return -1
}

// migrations compares the form of the database with what this program knows.
func (v *verification) migrations() error {
	files, err := migrationsFor(v.tx.dialect.name).ReadDir(".")
	if err != nil {
		return err
	}
	var n int
	if err := v.tx.tx.QueryRowContext(v.tx.ctx, "SELECT COUNT(DISTINCT version_id) FROM goose_db_version WHERE is_applied AND version_id > 0").Scan(&n); err != nil {
		return err
	}
	if n != len(files) {
		v.differs("goose_db_version", "", -1, "库的结构记了%d次变更，本程序有%d次", n, len(files))
	}
	return nil
}
