package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/tabulation"
	"shifan/internal/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestSchemaGolden compares the schema after all migrations with what was reviewed,
// on each engine.
func TestSchemaGolden(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	var b strings.Builder
	schema := schemaOf(t, s)
	for _, table := range slices.Sorted(maps.Keys(schema)) {
		if table == "goose_db_version" {
			continue
		}
		fmt.Fprintf(&b, "%s\n", table)
		for _, c := range schema[table] {
			fmt.Fprintf(&b, "    %s %s%s\n", c.Name, c.Kind, map[bool]string{true: " KEY"}[c.Key])
		}
	}
	indexes := "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
	if s.Engine() == "postgres" {
		indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename <> 'goose_db_version' ORDER BY indexname"
	}
	rows, err := s.Raw().Query(indexes)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, strings.Join(strings.Fields(text), " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "schema."+s.Engine()+".golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the schema changed; run make golden and review the diff:\n%s", diff)
	}
}

func schemaOf(t *testing.T, s *store.Store) (schema map[string][]store.Column) {
	t.Helper()
	if err := s.View(t.Context(), func(tx *store.Tx) (err error) {
		schema, err = tx.Schema()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestTablesSayWhatTheSchemaSays: each table[T] lists every column once, the primary
// key first, and as many fields as columns; and no table is written by nobody.
func TestTablesSayWhatTheSchemaSays(t *testing.T) {
	t.Parallel()
	schema := schemaOf(t, openStore(t))
	said := map[string]bool{}
	for name, tb := range tablesInSource(t) {
		said[name] = true
		var columns []string
		for _, c := range schema[name] {
			columns = append(columns, c.Name)
			if !slices.Contains([]string{"TEXT", "BIGINT", "BOOLEAN"}, c.Kind) {
				t.Errorf("%s.%s is %s; TEXT, BIGINT or BOOLEAN", name, c.Name, c.Kind)
			}
			if c.Key && tb.columns[0] != c.Name {
				t.Errorf("%s begins with %s, and its key is %s", name, tb.columns[0], c.Name)
			}
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(columns)), slices.Sorted(slices.Values(tb.columns))); diff != "" {
			t.Errorf("%s: the schema and the list of columns differ:\n%s", name, diff)
		}
		if tb.fields != len(tb.columns) {
			t.Errorf("%s has %d columns and %d fields", name, len(tb.columns), tb.fields)
		}
	}
	for name := range schema {
		if !said[name] && !slices.Contains([]string{"entries", "seals", "heads", "goose_db_version"}, name) && !strings.HasPrefix(name, "river_") {
			t.Errorf("no table[T] keeps %s", name)
		}
	}
}

// tableInSource is a table[T] as the source declares it.
type tableInSource struct {
	columns []string
	fields  int
}

// tablesInSource reads the declarations of the store's tables.
func tablesInSource(t *testing.T) map[string]tableInSource {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]tableInSource{}
	for _, f := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if x, ok := lit.Type.(*ast.IndexExpr); !ok || fmt.Sprint(x.X) != "table" {
				return true
			}
			var name string
			var tb tableInSource
			for _, e := range lit.Elts {
				kv := e.(*ast.KeyValueExpr)
				switch fmt.Sprint(kv.Key) {
				case "name":
					name, _ = strconv.Unquote(kv.Value.(*ast.BasicLit).Value) //nolint:errcheck // it compiles
				case "columns":
					for _, c := range kv.Value.(*ast.CompositeLit).Elts {
						s, _ := strconv.Unquote(c.(*ast.BasicLit).Value) //nolint:errcheck // it compiles
						tb.columns = append(tb.columns, s)
					}
				case "fields":
					ast.Inspect(kv.Value, func(n ast.Node) bool {
						if r, ok := n.(*ast.ReturnStmt); ok {
							if l, ok := r.Results[0].(*ast.CompositeLit); ok {
								tb.fields = len(l.Elts)
							}
						}
						return true
					})
				}
			}
			all[name] = tb
			return false
		})
	}
	return all
}

// TestListsUseIndexes asks SQLite how it reads each list that pages by key: along an
// index or the key, never the whole table.
func TestListsUseIndexes(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	if s.Engine() != "sqlite" {
		return // PostgreSQL decides by what is in the table
	}
	if _, err := s.Raw().Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
		INSERT INTO rounds SELECT 'rnd_' || i, 'p', 1, 2000 + i % 90, TRUE, '', 't', '', '', '', '', i, '', '', '', i, '', '', '{}', '', '[]', '[]', 'closed', '', '', '', 1 FROM n`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Raw().Exec("ANALYZE"); err != nil {
		t.Fatal(err)
	}
	a := fullApplication("app_a") // one, so that what is gathered about it is asked too
	a.Programme, a.Round = "p", "rnd_1"
	if err := addApplication(t, s, a); err != nil {
		t.Fatal(err)
	}
	clerk, org := stage.Actor{Role: stage.Clerk}, stage.Actor{Role: stage.Applicant, Organisation: "org_a"}
	for name, list := range map[string]func(*store.Tx) error{
		"rounds": func(tx *store.Tx) error {
			all, err := tx.Rounds(clerk, store.RoundFilter{After: "rnd_5000"})
			if len(all) != 50 {
				t.Errorf("%d rounds", len(all))
			}
			return err
		},
		"rounds of a year": func(tx *store.Tx) error { _, err := tx.Rounds(clerk, store.RoundFilter{Year: 2021}); return err },
		"accounts": func(tx *store.Tx) error {
			_, err := tx.Accounts(stage.Actor{Role: stage.Operator}, store.AccountFilter{After: "b"})
			return err
		},
		"applications": func(tx *store.Tx) error {
			_, err := tx.Applications(clerk, store.ApplicationFilter{Round: "rnd_1"})
			return err
		},
		"applications of one":   func(tx *store.Tx) error { _, err := tx.Applications(org, store.ApplicationFilter{}); return err },
		"organisations":         func(tx *store.Tx) error { _, err := tx.Organisations(clerk, store.OrganisationFilter{}); return err },
		"triggers due":          func(tx *store.Tx) error { _, err := tx.TriggersDue(); return err },
		"triggers of a recheck": func(tx *store.Tx) error { _, err := tx.TriggersIn("rck_1"); return err },
		"titles without holder": func(tx *store.Tx) error { _, err := tx.TitlesWithoutHolder(""); return err },
		"designations": func(tx *store.Tx) error {
			_, err := tx.Designations(stage.Anyone, store.DesignationFilter{})
			return err
		},
		"publicities": func(tx *store.Tx) error { _, err := tx.Publicities(stage.Anyone, store.PublicityFilter{}); return err },
		"meetings":    func(tx *store.Tx) error { _, err := tx.Meetings(clerk, store.MeetingFilter{}); return err },
		"entries":     func(tx *store.Tx) error { _, err := tx.Entries(stage.Anyone, store.EntryFilter{Before: 9}); return err },
		"entries of a thing": func(tx *store.Tx) error {
			_, err := tx.Entries(stage.Anyone, store.EntryFilter{Thing: "rnd_a"})
			return err
		},
		"reviews": func(tx *store.Tx) error {
			for _, by := range []stage.Actor{clerk, {Account: "acc_a", Role: stage.Clerk, Programme: "p"}} {
				for _, f := range []store.ReviewFilter{
					{},
					{After: "rev_1"},
					{Newest: true},
					{Newest: true, After: "rev_1"},
					{Round: "rnd_1"},
					{States: []stage.State{review.Open}},
					{DueBefore: calendar.MustDate("2021-08-01")},
					{Query: "协会"},
					{Unassigned: true},
				} {
					if _, err := tx.Reviews(by, f); err != nil {
						return err
					}
					if _, _, err := tx.CountReviews(by, f); err != nil {
						return err
					}
				}
				if _, _, err := tx.CountReviewStates(by, "", calendar.MustDate("2021-08-01")); err != nil {
					return err
				}
			}
			_, err := tx.ReviewLoads("p")
			return err
		},
		"stories": func(tx *store.Tx) error { _, err := tx.Stories(clerk, store.StoryFilter{After: "sty_1"}); return err },
		"stories of one": func(tx *store.Tx) error {
			_, err := tx.Stories(org, store.StoryFilter{Programme: "p"})
			return err
		},
		"stories for all":    func(tx *store.Tx) error { _, err := tx.StoriesListed(store.StoryFilter{After: "sty_1"}); return err },
		"stories compared":   func(tx *store.Tx) error { _, err := tx.StoryTexts(clerk, "p", 100); return err },
		"stories of a title": func(tx *store.Tx) error { _, err := tx.StoriesOf("dsg_1"); return err },
		"a session":          func(tx *store.Tx) error { _, err := tx.SessionsOf("acc_a"); return err },
		"statistics": func(tx *store.Tx) error {
			_, err := tx.CountedIn(clerk, []id.Round{"rnd_1", "rnd_2"})
			return err
		},
		"statistics of one": func(tx *store.Tx) error {
			_, err := tx.SpellsIn(clerk, "rnd_1", "visits")
			if err == nil {
				_, err = tx.MarksIn(clerk, "rnd_1")
			}
			return err
		},
		"work": func(tx *store.Tx) error {
			for _, s := range []stage.State{"open", "drafted"} {
				for _, by := range []stage.Actor{clerk, {Account: "acc_a", Role: stage.Director, Programme: "p"}} {
					if _, err := tx.Reviews(by, store.ReviewFilter{States: []stage.State{s}, Waits: true}); err != nil {
						return err
					}
				}
			}
			if _, err := tx.Visits(clerk, store.VisitFilter{States: []stage.State{"planned"}, Heads: true}); err != nil {
				return err
			}
			if _, err := tx.ApplicationsIn("p", "rnd_1", "publicity"); err != nil {
				return err
			}
			_, err := tx.Applications(clerk, store.ApplicationFilter{States: []stage.State{"submitted"}, Heads: true})
			return err
		},
		"messages": func(tx *store.Tx) error {
			_, err := tx.Messages(stage.Actor{Account: "acc_a", Role: stage.Clerk, Programme: "p"}, store.MessageFilter{Unread: true})
			if err == nil {
				_, err = tx.CountUnread(stage.Actor{Account: "acc_a", Role: stage.Applicant, Organisation: "org_a"})
			}
			return err
		},
		"messages of an account":   func(tx *store.Tx) error { _, err := tx.MessagesTo("acc_a", time.Now(), 100); return err },
		"messages to be forgotten": func(tx *store.Tx) error { _, err := tx.MessagesReadBefore(time.Now(), 100); return err },
		"deliveries due":           func(tx *store.Tx) error { _, err := tx.DeliveriesDue(time.Now(), 50); return err },
		"deliveries": func(tx *store.Tx) error {
			for _, by := range []stage.Actor{clerk, {Role: stage.Clerk, Programme: "p"}, {Role: stage.Operator}} {
				if _, err := tx.Deliveries(by, store.DeliveryFilter{States: []stage.State{"given_up"}}); err != nil {
					return err
				}
			}
			_, err := tx.Deliveries(stage.Actor{Role: stage.Operator}, store.DeliveryFilter{Hook: "hok_a"})
			return err
		},
		"deliveries to be forgotten": func(tx *store.Tx) error { _, err := tx.DeliveriesEndedBefore(time.Now(), 100); return err },
		"mailboxes":                  func(tx *store.Tx) error { _, err := tx.MailboxesBefore(calendar.DateOf(time.Now()), 100); return err },
		"webhooks": func(tx *store.Tx) error {
			_, err := tx.Hooks(stage.Actor{Role: stage.Operator})
			if err == nil {
				_, err = tx.HooksOf("p")
			}
			return err
		},
		"feeds": func(tx *store.Tx) error {
			if _, err := tx.FeedByHash("x"); fault.KindOf(err) != fault.NotFound {
				return err
			}
			_, err := tx.FeedsOf("acc_a")
			return err
		},
		"summary table": func(tx *store.Tx) error {
			rows, err := tx.Tabulate(clerk, "p", tabulation.Filter{}, "", 30)
			if len(rows) != 1 {
				t.Errorf("%d rows", len(rows))
			}
			return err
		},
		"summary table of a round": func(tx *store.Tx) error {
			_, err := tx.Tabulate(clerk, "p", tabulation.Filter{Round: "rnd_1", At: "visit", Region: "220000", Level: "province", Query: "协会"}, "app_a", 30)
			return err
		},
		"views":    func(tx *store.Tx) error { _, err := tx.TabulationsOf("acc_a", "p"); return err },
		"expiries": func(tx *store.Tx) error { _, err := tx.ExpiriesOf("p"); return err },
	} {
		var plans []string
		s.Listening(func(query string, args []any) {
			rows, err := s.Raw().Query("EXPLAIN QUERY PLAN "+query, args...)
			if err != nil {
				t.Fatal(name, err)
			}
			defer rows.Close()
			for rows.Next() {
				var a, b, c int
				var step string
				if err := rows.Scan(&a, &b, &c, &step); err != nil {
					t.Fatal(err)
				}
				sorted := (name == "reviews" || name == "work") && strings.Contains(query, "LIMIT") && !strings.Contains(query, "json_each") && strings.Contains(step, "TEMP B-TREE") // by an index, not anew for every page
				if strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "INDEX") || sorted {
					plans = append(plans, step+" in "+query)
				}
			}
		})
		if err := s.View(t.Context(), list); err != nil {
			t.Error(name, err)
		}
		s.Listening(nil)
		for _, p := range plans {
			t.Errorf("%s: %s", name, p)
		}
	}
}

// TestReleasedMigrationsStay: what a release was shipped with is never changed, only
// added to. testdata/released.sum names each migration of a release with its hash, as
// sha256sum writes it; nothing is released yet.
func TestReleasedMigrationsStay(t *testing.T) {
	t.Parallel()
	changed := func(sums string) (names []string) {
		for line := range strings.Lines(sums) {
			sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
			text, err := os.ReadFile(filepath.Join("migrations", name))
			if has := sha256.Sum256(text); err != nil || hex.EncodeToString(has[:]) != sum {
				names = append(names, name)
			}
		}
		return names
	}
	sums, err := os.ReadFile("testdata/released.sum")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range changed(string(sums)) {
		t.Errorf("%s: a released migration was changed: write a new one in its place", name)
	}
	if all := changed(strings.Repeat("0", 64) + "  0001_record.sql\n"); len(all) != 1 {
		t.Error("a change is not noticed")
	}
}
