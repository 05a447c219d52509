package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/record"
	"shifan/internal/store"
)

var errLate = fault.Define(fault.Refused, "store.test.late", "晚了。", "办法(一) 逾期申报的视为放弃；制度:补正只作说明")

// TestARefusalRestsOnItsProgramme: what the lifecycle refuses with a clause of the
// notice reaches a person with the clause of the programme that the act is about, as
// the round of the thing froze it; and what is about no programme cites none.
func TestARefusalRestsOnItsProgramme(t *testing.T) {
	t.Parallel()
	const file = `name: small-example
version: 1
title: 示范单位创建活动
base: 示范单位
issuer: {name: 示范单位创建工作委员会}
office: {name: 工作委员会办公室}
approval: {override: 内部活动}
naming: {numbers: 示创委}
clauses: {办法(一): 第六条 申报}
criteria:
  - code: a
    title: 规范运行
    clause: 第四条
    indicators:
      - {code: a-1, title: 内部制度, text: 财务和人事制度齐全。, clause: 第四条}
`
	s := openStore(t)
	loadTwo(t, s)
	at := time.Date(2021, 6, 1, 1, 0, 0, 0, time.UTC)
	change := func(fn func(tx *store.Tx) error) error {
		return s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
			return record.Entry{At: at, Act: "round.draft", Thing: "x"}, fn(tx)
		})
	}
	frozen, drafted := fullRound("rnd_frozen"), fullRound("rnd_drafted")
	frozen.Programme, frozen.ProgrammeVersion = "small-example", 1
	drafted.Programme, drafted.ProgrammeVersion, drafted.State = "small-example", 0, round.Drafted
	if err := change(func(tx *store.Tx) error {
		p := programme.Standing{Name: "small-example", State: programme.Active, Current: 2, Since: at}
		second := strings.NewReplacer("version: 1", "version: 2", "第六条", "第八条").Replace(file)
		return errors.Join(tx.AddProgramme(&p), tx.AddRound(&frozen), tx.AddRound(&drafted),
			tx.AddProgrammeFile(&store.ProgrammeFile{Programme: p.Name, Number: 1, File: file, LoadedAt: at, LoadedBy: "acc_op"}),
			tx.AddProgrammeFile(&store.ProgrammeFile{Programme: p.Name, Number: 2, File: second, LoadedAt: at, LoadedBy: "acc_op"}))
	}); err != nil {
		t.Fatal(err)
	}

	of := func(name id.Programme) func(*store.Tx) error {
		return func(tx *store.Tx) error { _, err := tx.Programme(name); return err }
	}
	in := func(key id.Round) func(*store.Tx) error {
		return func(tx *store.Tx) error { _, err := tx.Round(key); return err }
	}
	for name, tt := range map[string]struct {
		reads func(*store.Tx) error
		want  string
	}{
		"the notice itself":          {of("jilin-party-building-base"), "办法(一) 逾期申报的视为放弃；制度:补正只作说明"},
		"another programme":          {of("small-example"), "第八条 申报；制度:补正只作说明"},
		"a round of the one before":  {in("rnd_frozen"), "第六条 申报；制度:补正只作说明"},
		"a round that froze nothing": {in("rnd_drafted"), "第八条 申报；制度:补正只作说明"},
		"nothing of a programme":     {func(*store.Tx) error { return nil }, "制度:补正只作说明"},
	} {
		raise := func(tx *store.Tx) error {
			if err := tt.reads(tx); err != nil {
				return err
			}
			return errLate.New()
		}
		for door, err := range map[string]error{"an act": change(raise), "a view": s.View(t.Context(), raise)} {
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok || f.Basis != tt.want {
				t.Errorf("%s, %s: %v rests on %q, want %q", name, door, err, f.Basis, tt.want)
			}
		}
	}
}
