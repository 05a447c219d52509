package testkit

import (
	"fmt"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/programmes"
)

// Plan2021 is the call of the notice: dated 2021-06-04, to be filed by 10 July,
// a Saturday, on which the office chose that the deadline stays.
func Plan2021() round.Plan {
	return round.Plan{
		Year: 2021, Title: "关于在省级社会组织中开展党建创新示范基地创建活动的通知", DocNumber: "吉社联党发〔2021〕4号",
		Addressees: "省本级各社会组织党委（党总支、党支部）", DatedOn: calendar.MustDate("2021-06-04"),
		DeadlineDate: calendar.MustDate("2021-07-10"), RestDay: calendar.Strict, Contact: "省社会组织联合党委办公室，工作日8:30至17:30",
	}
}

// Office is the people who run a round. Make them once with w.Office().
type Office struct {
	Clerk, Director, Chair stage.Actor
}

// Office returns the world's office, made on the first call.
func (w *World) Office() Office {
	w.Helper()
	if w.office == nil {
		w.office = &Office{
			Clerk: w.Person("经办人甲", stage.Clerk), Director: w.Person("办公室负责人", stage.Director), Chair: w.Person("主任委员", stage.Chair),
		}
	}
	return *w.office
}

// DraftedRound drafts the round of 2021 at the world's programme and returns it.
func (w *World) DraftedRound() id.Round {
	w.Helper()
	p := w.Programme()
	key, err := w.Desk.DraftRound(w.Context(), w.Office().Clerk, p.Name, Plan2021())
	if err != nil {
		w.Fatal(err)
	}
	return key
}

// OpenRound publishes the call of the round of 2021 on 2021-06-21 at 15:56, as
// the notice was, and leaves the clock there. One may file until 2021-07-10
// 24:00.
func (w *World) OpenRound() id.Round {
	w.Helper()
	key := w.DraftedRound()
	w.At("2021-06-21 15:56:00")
	if err := w.Desk.PublishRound(w.Context(), w.Office().Director, key, []string{"filing_days"}); err != nil {
		w.Fatal(err)
	}
	return key
}

// Programme returns the programme that the world's rounds are of, the one that
// the program is shipped with; the first call loads it. What it returns is the
// caller's own.
func (w *World) Programme() *programme.Programme {
	w.Helper()
	text, _ := programmes.Text("jilin-party-building-base")
	p, problems := format.Read(text)
	for _, wrong := range problems {
		w.Fatal(wrong)
	}
	if _, err := w.Desk.Programme(w.Context(), stage.Anyone, p.Name); err != nil {
		w.LoadProgramme(string(text))
	}
	return p
}

// LoadProgramme loads a programme's file as the operator does, and returns the
// programme's name.
func (w *World) LoadProgramme(text string) id.Programme {
	w.Helper()
	name, err := w.Desk.LoadProgramme(w.Context(), TheOperator, []byte(text))
	if err != nil {
		w.Fatal(err)
	}
	return name
}

// Reconfigure loads a new version of the world's programme in which each old
// text of its file, which must stand there once, is replaced by the new one that
// follows it: w.Reconfigure("days: 5", "days: 7"). Rounds published before keep
// theirs.
func (w *World) Reconfigure(pairs ...string) {
	w.Helper()
	name := w.Programme().Name
	v, err := w.Desk.Programme(w.Context(), stage.Anyone, name)
	if err != nil {
		w.Fatal(err)
	}
	text := v.Versions[0].File
	pairs = append(pairs, fmt.Sprintf("\nversion: %d\n", v.Standing.Current), fmt.Sprintf("\nversion: %d\n", v.Standing.Current+1))
	for i := 0; i+1 < len(pairs); i += 2 {
		if n := strings.Count(text, pairs[i]); n != 1 {
			w.Fatalf("%q stands %d times in the programme's file", pairs[i], n)
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	w.LoadProgramme(text)
}
