package fact

import (
	"fmt"
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/fault"
)

// Ledger (工作台账) is one year's figures: counts, and no person (facts.md §3.1).
type Ledger struct {
	Year          int    `json:"year"`
	Members       int    `json:"members"`       // 正式党员 at the end of the year
	Probationary  int    `json:"probationary"`  // 预备党员
	Seats         int    `json:"seats"`         // seats of the Party committee
	Filled        int    `json:"filled"`        // of which filled (S19)
	Leaders       int    `json:"leaders"`       // members of the organisation's leadership
	PartyInLead   int    `json:"party_in_lead"` // Party committee members in the leadership (S21)
	LeadInParty   int    `json:"lead_in_party"` // leaders in the Party committee (S21)
	Meetings      [4]int `json:"meetings"`      // 党员大会 by quarter (S29)
	Committees    [4]int `json:"committees"`    // 支委会 by quarter
	Groups        int    `json:"groups"`        // 党小组; 0: none, and their meetings do not apply
	GroupMeetings [4]int `json:"group_meetings"`
	Lectures      [4]int `json:"lectures"` // 党课 by quarter
	ThemeDays     int    `json:"theme_days"`
	LifeMeetings  int    `json:"life_meetings"`  // 组织生活会 (S30)
	Appraised     [4]int `json:"appraised"`      // 民主评议: 优秀, 合格, 基本合格, 不合格
	Trainings     int    `json:"trainings"`      // 党员教育培训 held (S25)
	TrainingHours int    `json:"training_hours"` // hours in all
	DuesMonths    int    `json:"dues_months"`    // months in which dues came on time (S24)
	InArrears     int    `json:"in_arrears"`     // members in arrears for more than six months
	Activists     int    `json:"activists"`      // 入党积极分子 (S26)
	Planned       int    `json:"planned"`        // development plan; 0: the superior gave none
	Admitted      int    `json:"admitted"`
	Recruited     int    `json:"recruited"`      // recruited in the year (S27)
	Graduates     int    `json:"graduates"`      // of which graduates who are Party members
	PlatformRate  int    `json:"platform_rate"`  // per cent of members who use the learning platforms (S28)
	Themes        int    `json:"themes"`         // study and education activities (S31)
	RoomArea      int    `json:"room_area"`      // m² of the activity room; 0: none (S33)
	RoomSharedBy  int    `json:"room_shared_by"` // organisations that share it; 0 or 1: its own
	Outlets       int    `json:"outlets"`        // 宣传阵地 (S34)
	Charity       int    `json:"charity"`        // public-benefit activities (S40)
	CharityYuan   int    `json:"charity_yuan"`   // donated, in yuan
	Beneficiaries int    `json:"beneficiaries"`
	Source        Source `json:"source"`
}

// Figure describes one figure of the ledger: forms, imports and checks all read
// this list, so that a figure is added in one place.
type Figure struct {
	Name   string // as in forms and files
	Label  string
	Unit   string
	Clause string
	Most   int // the largest value that can be meant; a slip of the key is caught
	Of     func(*Ledger) *int
}

// Figures lists every figure in the order of the form.
var Figures = slices.Concat(
	[]Figure{
		{"members", "正式党员", "人", "四(二)", 1e5, func(l *Ledger) *int { return &l.Members }},
		{"probationary", "预备党员", "人", "四(二)", 1e5, func(l *Ledger) *int { return &l.Probationary }},
		{"seats", "党组织班子职数", "个", "四(一)", 99, func(l *Ledger) *int { return &l.Seats }},
		{"filled", "其中已配备", "个", "四(一)", 99, func(l *Ledger) *int { return &l.Filled }},
		{"leaders", "社会组织负责人和理事会成员", "人", "四(一)", 1e4, func(l *Ledger) *int { return &l.Leaders }},
		{"party_in_lead", "党组织班子成员进入领导机构", "人", "四(一)", 99, func(l *Ledger) *int { return &l.PartyInLead }},
		{"lead_in_party", "领导机构成员进入党组织班子", "人", "四(一)", 99, func(l *Ledger) *int { return &l.LeadInParty }},
	},
	quarters("meetings", "党员大会", 99, func(l *Ledger) *[4]int { return &l.Meetings }),
	quarters("committees", "支委会", 99, func(l *Ledger) *[4]int { return &l.Committees }),
	[]Figure{{"groups", "党小组", "个", "四(三)", 999, func(l *Ledger) *int { return &l.Groups }}},
	quarters("group_meetings", "党小组会", 9999, func(l *Ledger) *[4]int { return &l.GroupMeetings }),
	quarters("lectures", "党课", 99, func(l *Ledger) *[4]int { return &l.Lectures }),
	[]Figure{
		{"theme_days", "主题党日", "次", "四(三)", 366, func(l *Ledger) *int { return &l.ThemeDays }},
		{"life_meetings", "组织生活会", "次", "四(三)", 99, func(l *Ledger) *int { return &l.LifeMeetings }},
		{"appraised_1", "民主评议：优秀", "人", "四(三)", 1e5, func(l *Ledger) *int { return &l.Appraised[0] }},
		{"appraised_2", "民主评议：合格", "人", "四(三)", 1e5, func(l *Ledger) *int { return &l.Appraised[1] }},
		{"appraised_3", "民主评议：基本合格", "人", "四(三)", 1e5, func(l *Ledger) *int { return &l.Appraised[2] }},
		{"appraised_4", "民主评议：不合格", "人", "四(三)", 1e5, func(l *Ledger) *int { return &l.Appraised[3] }},
		{"trainings", "党员教育培训", "次", "四(二)", 366, func(l *Ledger) *int { return &l.Trainings }},
		{"training_hours", "培训学时合计", "学时", "四(二)", 1e4, func(l *Ledger) *int { return &l.TrainingHours }},
		{"dues_months", "党费按时收缴", "个月", "四(二)", 12, func(l *Ledger) *int { return &l.DuesMonths }},
		{"in_arrears", "欠交党费6个月以上", "人", "四(二)", 1e5, func(l *Ledger) *int { return &l.InArrears }},
		{"activists", "入党积极分子", "人", "四(二)", 1e5, func(l *Ledger) *int { return &l.Activists }},
		{"planned", "当年计划发展党员", "人", "四(二)", 1e4, func(l *Ledger) *int { return &l.Planned }},
		{"admitted", "当年实际发展党员", "人", "四(二)", 1e4, func(l *Ledger) *int { return &l.Admitted }},
		{"recruited", "当年招聘", "人", "四(二)", 1e5, func(l *Ledger) *int { return &l.Recruited }},
		{"graduates", "其中大学生党员", "人", "四(二)", 1e5, func(l *Ledger) *int { return &l.Graduates }},
		{"platform_rate", "学习平台使用率", "%", "四(二)", 100, func(l *Ledger) *int { return &l.PlatformRate }},
		{"themes", "学习教育活动", "次", "四(三)", 999, func(l *Ledger) *int { return &l.Themes }},
		{"room_area", "党建活动场所面积", "平方米", "四(三)", 1e5, func(l *Ledger) *int { return &l.RoomArea }},
		{"room_shared_by", "共用该场所的单位", "个", "四(三)", 999, func(l *Ledger) *int { return &l.RoomSharedBy }},
		{"outlets", "宣传阵地", "处", "四(三)", 999, func(l *Ledger) *int { return &l.Outlets }},
		{"charity", "公益活动", "次", "四(四)", 9999, func(l *Ledger) *int { return &l.Charity }},
		{"charity_yuan", "公益支出", "元", "四(四)", 1e12, func(l *Ledger) *int { return &l.CharityYuan }},
		{"beneficiaries", "受益人次", "人次", "四(四)", 1e9, func(l *Ledger) *int { return &l.Beneficiaries }},
	},
)

// quarters describes the four figures, one a quarter, of a kind of Party life (四(三)).
func quarters(name, label string, most int, of func(*Ledger) *[4]int) (all []Figure) {
	for q := range 4 {
		all = append(all, Figure{
			fmt.Sprintf("%s_%d", name, q+1), fmt.Sprintf("%s：第%d季度", label, q+1), "次", "四(三)", most,
			func(l *Ledger) *int { return &of(l)[q] },
		})
	}
	return all
}

var (
	errFigure = fault.Define(fault.Invalid, "fact.ledger.figure",
		"%s“%d”不对。填0到%d之间的整数，单位是%s。", "")
	errPart = fault.Define(fault.Invalid, "fact.ledger.sum",
		"%s%d，多于%s%d。请核对这两个数。", "")
	errLedgerYear = fault.Define(fault.Invalid, "fact.ledger.year",
		"台账年度“%d”不对。只能填2000年至%d年，还没有到的年度不能填。", "")
)

// parts lists which figures cannot be more than which.
var parts = [][2]string{
	{"filled", "seats"},
	{"party_in_lead", "filled"},
	{"lead_in_party", "leaders"},
	{"in_arrears", "members"},
	{"graduates", "recruited"},
}

// figure returns the figure with a name.
func figure(name string) Figure {
	return Figures[slices.IndexFunc(Figures, func(f Figure) bool { return f.Name == name })]
}

// check says everything that is wrong with a ledger at once: negative and
// impossible numbers, parts that are more than the whole, a thirteenth month, a
// year to come. path is where the ledger stands in the form.
func (l *Ledger) check(path string, today calendar.Date) (faults []*fault.Fault) {
	if l.Year < 2000 || l.Year > today.Year {
		faults = append(faults, errLedgerYear.At(path+".year", l.Year, today.Year))
	}
	for _, f := range Figures {
		if n := *f.Of(l); n < 0 || n > f.Most {
			faults = append(faults, errFigure.At(path+"."+f.Name, f.Label, n, f.Most, f.Unit))
		}
	}
	for _, p := range parts {
		part, whole := figure(p[0]), figure(p[1])
		if a, b := *part.Of(l), *whole.Of(l); b >= 0 && a > b {
			faults = append(faults, errPart.At(path+"."+p[0], part.Label, a, whole.Label, b))
		}
	}
	if sum, whole := l.Appraised[0]+l.Appraised[1]+l.Appraised[2]+l.Appraised[3], l.Members+l.Probationary; whole >= 0 && sum > whole {
		faults = append(faults, errPart.At(path+".appraised_1", "民主评议人数合计", sum, "党员总数", whole))
	}
	return faults
}
