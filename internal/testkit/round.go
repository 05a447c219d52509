package testkit

import (
	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
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

// Programme returns the programme that the world's rounds are of.
func (w *World) Programme() *programme.Programme {
	w.Helper()
	p := interimProgramme()
	store.InterimProgrammes.Store(p.Name, p)
	return p
}

func interimProgramme() *programme.Programme {
	return &programme.Programme{
		Name: "jilin-party-building-base", Version: 1, Title: "吉林省社会组织党建创新示范基地创建活动", Base: "党建创新示范基地",
		Issuer:   programme.Body{Name: "中共吉林省社会组织联合委员会", Short: "省社会组织联合党委"},
		Office:   programme.Body{Name: "省社会组织联合党委办公室", Short: "联合党委办公室"},
		Approval: programme.Approval{Override: "以本委员会所属党组织为对象"},
		Applicants: programme.Applicants{
			Kinds: []string{"association", "service", "foundation"}, Party: true, HolderMay: "last_year", BarMonths: 36,
		},
		Criteria: []programme.Group{
			{Code: "1", Title: "党组织建设规范", Clause: "四(一)", Indicators: []programme.Indicator{
				{Code: "1-1", Title: "成立党组织", Clause: "四(一)", Judged: "veto"},
				{Code: "1-2", Title: "按时换届", Clause: "四(一)", Judged: "pass_fail"},
			}},
			{Code: "4", Title: "社会组织业绩突出", Clause: "四(四)", Indicators: []programme.Indicator{
				{Code: "4-1", Title: "社会责任", Clause: "四(四)", Judged: "pass_fail"},
				{Code: "4-2", Title: "抗击疫情", Clause: "四(四)", Judged: "pass_fail", Years: []int{2021}},
				{Code: "4-3", Title: "负责人支持党建", Clause: "四(一)", Judged: "pass_fail", At: "visit"},
			}},
		},
		Procedure:     []string{"review", "visit", "meeting", "publicity"},
		Cycle:         programme.Cycle{EveryYears: 1},
		Filing:        programme.Filing{Deadline: "07-10", Time: "24:00", RestDay: calendar.Strict, MinDays: 20, AcceptIn: 5, Paper: "receipt"},
		Review:        programme.Review{Days: 20, CorrectionDays: 5, CorrectionFacts: "clarify_only", FourEyes: true},
		Visit:         programme.Visit{Scope: "all", TeamMin: 3, Methods: []string{"papers", "premises", "interviews"}, NoticeDays: 3},
		Meeting:       programme.Meeting{Quorum: programme.Fraction{Of: [2]int{2, 3}}, Majority: programme.Fraction{Of: [2]int{1, 2}, Strictly: true}, Of: "entitled", Ballot: "named", Tie: "lost", MaterialDays: 3, OverQuota: "ayes"},
		Publicity:     programme.Publicity{Days: 5, Place: "吉林省民政厅网站", OnCorrection: "restart", AnswerDays: 10},
		Naming:        programme.Naming{Split: true, Releases: 2, Numbers: "吉社联党发"},
		Validity:      programme.Validity{Years: 3, From: "naming", Policy: calendar.Anniversary},
		Recheck:       programme.Recheck{EveryYears: 3, LeadDays: 90, Effect: "renew", Standard: "current", Anchor: "designation"},
		Rectification: programme.Rectification{Days: 30, Extensions: 1, RollsOver: true},
		Revocation:    programme.Revocation{HearingDays: 5, AppealDays: 60},
		Abolition:     "keep_until_expiry",
	}
}
