package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/directory"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// fullDesignation has something in every field.
func fullDesignation(key id.Designation) designation.Designation {
	day := calendar.MustDate
	return designation.Designation{
		ID: key, Programme: "base", Round: "rnd_1", Application: id.Application("app_" + key), Organisation: "org_1", Naming: "nam_1",
		State: designation.Rectifying, Number: "2021-" + string(key), Name: "吉林省𠮷松协会", Category: "service",
		NamedOn: day("2021-09-15"), ValidFrom: day("2021-09-15"), ValidTo: day("2024-09-15"), RecheckDue: day("2024-09-14"),
		Successor: "dsg_s", Predecessor: "dsg_p", EndedOn: day("2023-01-01"), Reason: "理由", Note: "备注",
		Renewals: []designation.Renewal{{On: day("2024-09-01"), From: day("2024-09-16"), To: day("2027-09-15"), Recheck: "rck_1"}},
		History:  []designation.Change{{On: day("2021-09-15"), Act: "name", To: designation.Valid}}, ChangedAt: time.Date(2021, 9, 15, 1, 2, 3, 4000, time.UTC),
	}
}

func addDesignation(t *testing.T, s *store.Store, d designation.Designation) error {
	t.Helper()
	return s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: time.Unix(1, 0), Act: "designation.name", Thing: string(d.ID)}, tx.AddDesignation(&d)
	})
}

func TestADesignationIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	want := fullDesignation("dsg_a")
	if err := addDesignation(t, s, want); err != nil {
		t.Fatal(err)
	}
	want.Version = 1
	for name, change := range map[string]func(*designation.Designation){
		"a number given twice":       func(d *designation.Designation) { d.Application = "app_x" },
		"an application named twice": func(d *designation.Designation) { d.Number = "2021-999" },
		"an unknown state":           func(d *designation.Designation) { d.State, d.Application, d.Number = "nonsense", "app_y", "2021-998" },
	} {
		d := fullDesignation("dsg_a")
		d.ID = "dsg_b"
		change(&d)
		if err := addDesignation(t, s, d); err == nil {
			t.Errorf("%s is kept", name)
		}
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Designation("dsg_a")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for at, n := range map[time.Time]int{
			calendar.MustDate("2024-09-16").Start().Add(-time.Microsecond): 0,
			calendar.MustDate("2024-09-16").Start():                        1,
		} {
			if due, err := tx.DesignationsExpiring(at); err != nil || len(due) != n {
				t.Errorf("at %s %d expire, %v", at, len(due), err)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWhoSeesWhatOfADesignation: titles are public, why one ended is for the
// office and its holder, and the office's note for the office (S75).
func TestWhoSeesWhatOfADesignation(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	if err := addDesignation(t, s, fullDesignation("dsg_a")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		viewer       stage.Actor
		note, reason bool
	}{
		{stage.Anyone, false, false},
		{stage.Actor{Role: stage.Clerk}, true, true},
		{stage.Actor{Role: stage.Director, Programme: "base"}, true, true},
		{stage.Actor{Role: stage.Clerk, Programme: "another"}, false, false},
		{stage.Actor{Role: stage.Auditor}, true, true},
		{stage.Actor{Role: stage.Applicant, Organisation: "org_1"}, false, true},
		{stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, false, false},
		{stage.Actor{Role: stage.Applicant}, false, false},
		{stage.Actor{Role: stage.Member}, false, false},
		{stage.Actor{Role: stage.Operator}, false, false},
	} {
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			d, err := tx.DesignationFor(tt.viewer, "dsg_a")
			if err != nil || (d.Note != "") != tt.note || (d.Reason != "") != tt.reason {
				t.Errorf("%+v reads %q and %q, %v", tt.viewer, d.Note, d.Reason, err)
			}
			all, err := tx.Designations(tt.viewer, store.DesignationFilter{})
			if diff := cmp.Diff([]designation.Designation{d}, all); diff != "" {
				t.Errorf("%+v: the list says something else: %s", tt.viewer, diff)
			}
			if _, err := tx.DesignationFor(tt.viewer, "dsg_none"); fault.KindOf(err) != fault.NotFound {
				t.Error(err)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDesignationsByPageAndFilter(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for i, on := range []string{"2021-09-15", "2021-09-15", "2022-10-01", "2023-01-05", "2021-09-15"} {
		d := fullDesignation(id.Designation("dsg_" + string(rune('a'+i))))
		d.NamedOn, d.RecheckDue = calendar.MustDate(on), calendar.Date{}
		d.ValidTo = d.NamedOn.AddYears(3)
		if i == 3 {
			d.State, d.Name, d.ValidTo, d.Category = designation.Valid, "100%_松", calendar.Date{}, ""
		}
		if err := addDesignation(t, s, d); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		var keys string
		f := store.DesignationFilter{Limit: 2}
		for {
			page, err := tx.Designations(stage.Anyone, f)
			if err != nil {
				return err
			}
			for _, d := range page {
				keys += string(d.ID[4:])
				f.After = d.ID
			}
			if len(page) < 2 {
				break
			}
		}
		if keys != "dcabe" {
			t.Errorf("by page %s", keys)
		}
		for name, tt := range map[string]struct {
			f    store.DesignationFilter
			want int
		}{
			"a year":          {store.DesignationFilter{Year: 2021}, 3},
			"no such year":    {store.DesignationFilter{Year: 202}, 0},
			"a state":         {store.DesignationFilter{States: []stage.State{designation.Valid}}, 1},
			"states":          {store.DesignationFilter{States: []stage.State{designation.Valid, designation.Rectifying}}, 5},
			"a category":      {store.DesignationFilter{Category: "service"}, 4},
			"part of a name":  {store.DesignationFilter{Query: "𠮷"}, 4},
			"a wildcard":      {store.DesignationFilter{Query: "%_"}, 1},
			"a number":        {store.DesignationFilter{Query: "dsg!_"}, 0},
			"due by a day":    {store.DesignationFilter{DueBy: calendar.MustDate("2024-09-15")}, 3},
			"due a day early": {store.DesignationFilter{DueBy: calendar.MustDate("2024-09-14")}, 0},
			"a programme":     {store.DesignationFilter{Programme: "another"}, 0},
			"an organisation": {store.DesignationFilter{Organisation: "org_1"}, 5},
			"a round":         {store.DesignationFilter{Round: "rnd_2"}, 0},
			"held on a day":   {store.DesignationFilter{On: calendar.MustDate("2022-10-01")}, 4},
			"the day before":  {store.DesignationFilter{On: calendar.MustDate("2022-09-30")}, 3},
			"ended that day":  {store.DesignationFilter{On: calendar.MustDate("2023-01-01")}, 0},
			"ended in a year": {store.DesignationFilter{Ended: 2023}, 5},
			"in no year":      {store.DesignationFilter{Ended: 2022}, 0},
			"no division":     {store.DesignationFilter{Region: "22' OR"}, 5},
			"a division":      {store.DesignationFilter{Region: "22"}, 0},
		} {
			if all, err := tx.Designations(stage.Anyone, tt.f); err != nil || len(all) != tt.want {
				t.Errorf("%s: %d, %v", name, len(all), err)
			}
		}
		held, err := tx.HoldersOf("base")
		if n, err := tx.CountDesignations("base", designation.Valid); err != nil || n != 1 || len(held) != 5 {
			t.Errorf("%d held, %d valid, %v", len(held), n, err)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestTitlesByPlaceAndYear: what is counted is what the filters list.
func TestTitlesByPlaceAndYear(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for i, o := range []struct {
		code, registrar, named, ended string
		state                         stage.State
	}{
		{"51220000MJ0100001A", "", "2021-09-15", "", designation.Valid},
		{"52220000MJ0100002B", "吉林省民政厅", "2021-09-15", "2024-12-31", designation.Expired},
		{"51220102MJ0100003C", "", "2022-01-01", "", designation.Rectifying},
	} {
		key := string(rune('a' + i))
		d := fullDesignation(id.Designation("dsg_" + key))
		d.Organisation, d.State, d.NamedOn, d.EndedOn = id.Organisation("org_"+key), o.state, calendar.MustDate(o.named), calendar.Date{}
		if o.ended != "" {
			d.EndedOn = calendar.MustDate(o.ended)
		}
		if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
			in := organisation.Organisation{
				ID: d.Organisation, Code: o.code, Registrar: o.registrar, Kind: "association", State: organisation.Registered,
				Names: []organisation.Name{{Name: "单位" + key}}, RegisteredOn: calendar.MustDate("2010-01-01"),
			}
			if err := tx.AddOrganisation(&in); err != nil {
				return record.Entry{}, err
			}
			return record.Entry{At: time.Unix(1, 0), Act: "designation.name", Thing: string(d.ID)}, tx.AddDesignation(&d)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		places, err := tx.TitlesByRegister("base")
		if err != nil {
			return err
		}
		want := []directory.Count{{Division: "220000", Registrar: "吉林省民政厅", N: 1}, {Division: "220000", Held: true, N: 1}, {Division: "220102", Held: true, N: 1}}
		if diff := cmp.Diff(want, places); diff != "" {
			t.Error(diff)
		}
		spans, err := tx.TitlesByYear("")
		if diff := cmp.Diff([]directory.Span{{Named: 2021, N: 1}, {Named: 2021, Ended: 2024, N: 1}, {Named: 2022, N: 1}}, spans); diff != "" || err != nil {
			t.Error(diff, err)
		}
		for region, n := range map[string]int{"22": 3, "2201": 1, "220000": 2, "23": 0, "": 3} {
			if all, err := tx.Designations(stage.Anyone, store.DesignationFilter{Region: region}); err != nil || len(all) != n {
				t.Errorf("%q has %d, %v", region, len(all), err)
			}
		}
		none, err := tx.TitlesByRegister("another")
		if len(none) != 0 {
			t.Errorf("another programme has %v", none)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestTitlesOf: what eligibility reads about a holder (S67, S72).
func TestTitlesOf(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for key, change := range map[id.Designation]func(*designation.Designation){
		"dsg_a": func(d *designation.Designation) {
			d.State, d.EndedOn = designation.Revoked, calendar.MustDate("2019-05-01")
		},
		"dsg_b": func(d *designation.Designation) { d.State = designation.Expired },
		"dsg_c": func(d *designation.Designation) { d.ValidTo = calendar.MustDate("2023-09-15") },
		"dsg_d": func(d *designation.Designation) { d.State = designation.Valid },
		"dsg_e": func(d *designation.Designation) {
			d.Programme, d.State, d.ValidTo = "another", designation.Valid, calendar.Date{}
		},
		"dsg_f": func(d *designation.Designation) { d.Organisation = "org_2" },
	} {
		d := fullDesignation(key)
		change(&d)
		if err := addDesignation(t, s, d); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		for p, want := range map[id.Programme]eligibility.Titles{
			"base":    {Holds: true, ValidTo: calendar.MustDate("2024-09-15"), RevokedOn: calendar.MustDate("2019-05-01")},
			"another": {Holds: true},
			"none":    {},
		} {
			got, err := tx.TitlesOf("org_1", p)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v %s", p, err, diff)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
