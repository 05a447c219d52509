package testkit

import (
	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
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

// Programme returns the programme that the world's rounds are of: the one that
// the program is shipped with, as its file says.
func (w *World) Programme() *programme.Programme {
	w.Helper()
	text, _ := programmes.Text("jilin-party-building-base")
	p, problems := format.Read(text)
	for _, wrong := range problems {
		w.Fatal(wrong)
	}
	store.InterimProgrammes.Store(p.Name, p)
	return p
}
