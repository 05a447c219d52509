package meeting

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The states of a meeting.
const (
	Convened  stage.State = "convened"  // called; members sign in, the agenda is made
	Sitting   stage.State = "sitting"   // opened with a quorum
	Closed    stage.State = "closed"    // every item settled; its decisions took effect
	Adjourned stage.State = "adjourned" // ended early; what was not settled is deferred
	Cancelled stage.State = "cancelled" // did not take place
)

// Kind is the meeting's machine.
var Kind = stage.Kind{
	Name: "meeting", Label: "会议审定", Start: Convened,
	Moves: []stage.Move{
		{From: Convened, Act: "circulate", By: stage.Clerk, To: Convened, Basis: "制度:会前送达议题和材料，不作临时动议"},
		{From: Convened, Act: "reschedule", By: stage.Clerk, To: Convened, Basis: "办法(四)"},
		{From: Convened, Act: "sign_in", By: stage.Member, To: Convened, Basis: "办法(四) 全体委员会议"},
		{From: Convened, Act: "sign_in", By: stage.Chair, To: Convened, Basis: "办法(四) 全体委员会议"},
		{From: Convened, Act: "sign_in", By: stage.Clerk, To: Convened, Basis: "办法(四) 全体委员会议"},
		{From: Convened, Act: "excuse", By: stage.Member, To: Convened, Basis: "制度:请假说明理由"},
		{From: Convened, Act: "excuse", By: stage.Chair, To: Convened, Basis: "制度:请假说明理由"},
		{From: Convened, Act: "excuse", By: stage.Clerk, To: Convened, Basis: "制度:请假说明理由"},
		{From: Convened, Act: "open", By: stage.Chair, To: Sitting, Basis: "办法(四) 全体委员会议；方案设定的法定人数"},
		{From: Convened, Act: "cancel", By: stage.Clerk, To: Cancelled, Basis: "制度:未召开的可以取消"},
		{From: Convened, Act: "cancel", By: stage.Chair, To: Cancelled, Basis: "制度:未召开的可以取消"},
		{From: Sitting, Act: "sign_in", By: stage.Member, To: Sitting, Basis: "办法(四) 全体委员会议"},
		{From: Sitting, Act: "sign_in", By: stage.Chair, To: Sitting, Basis: "办法(四) 全体委员会议"},
		{From: Sitting, Act: "sign_in", By: stage.Clerk, To: Sitting, Basis: "办法(四) 全体委员会议"},
		{From: Sitting, Act: "depart", By: stage.Member, To: Sitting, Basis: "制度:中途离会记入会议记录"},
		{From: Sitting, Act: "depart", By: stage.Chair, To: Sitting, Basis: "制度:中途离会记入会议记录"},
		{From: Sitting, Act: "depart", By: stage.Clerk, To: Sitting, Basis: "制度:中途离会记入会议记录"},
		{From: Sitting, Act: "open_ranking", By: stage.Chair, To: Sitting, Basis: "办法(四)；方案设定的超额办法"},
		{From: Sitting, Act: "rank", By: stage.Member, To: Sitting, Basis: "办法(四)；方案设定的超额办法"},
		{From: Sitting, Act: "rank", By: stage.Chair, To: Sitting, Basis: "办法(四)；制度:主持人末位表态"},
		{From: Sitting, Act: "close_ranking", By: stage.Chair, To: Sitting, Basis: "办法(四)；方案设定的超额办法"},
		{From: Sitting, Act: "count_ranking", By: stage.Scrutineer, To: Sitting, Basis: "制度:两名监票人各自计票"},
		{From: Sitting, Act: "attach_sheet", By: stage.Scrutineer, To: Sitting, Basis: "制度:纸质票由两名监票人在计票单上签字，扫描件归档后宣布结果"},
		{From: Sitting, Act: "attach_sheet", By: stage.Clerk, To: Sitting, Basis: "制度:纸质票由两名监票人在计票单上签字，扫描件归档后宣布结果"},
		{From: Sitting, Act: "settle_ranking", By: stage.Chair, To: Sitting, Basis: "办法(四)；方案设定的超额办法"},
		{From: Sitting, Act: "void_ranking", By: stage.Chair, To: Sitting, Basis: "制度:无记名表决作废的重新表决"},
		{From: Sitting, Act: "adjourn", By: stage.Chair, To: Adjourned, Basis: "制度:不足法定人数不再表决"},
		{From: Sitting, Act: "close", By: stage.Chair, To: Closed, Basis: "办法(四) 审议确定拟授牌对象"},
		{From: Sitting, Act: "minute", By: stage.Clerk, To: Sitting, Basis: "制度:会议记录"},
		{From: Closed, Act: "minute", By: stage.Clerk, To: Closed, Basis: "制度:会议记录"},
		{From: Adjourned, Act: "minute", By: stage.Clerk, To: Adjourned, Basis: "制度:会议记录"},
	},
	Ends: map[stage.State]bool{Closed: true, Adjourned: true, Cancelled: false},
	Words: map[string]string{
		"convened": "已召集", "sitting": "开会中", "closed": "已闭会", "adjourned": "已中止", "cancelled": "已取消",
		"convene": "召集会议", "circulate": "送达议题和材料", "reschedule": "改期", "sign_in": "签到", "excuse": "请假", "open": "宣布开会",
		"cancel": "取消会议", "depart": "离会", "adjourn": "中止会议", "close": "闭会", "minute": "写会议记录",
		"open_ranking": "开始差额表决", "rank": "差额表决", "close_ranking": "结束差额表决", "count_ranking": "差额表决计票", "attach_sheet": "上传差额表决计票单", "settle_ranking": "宣布差额表决结果", "void_ranking": "宣布差额表决无效",
	},
}

// The posts on a roster. Attendants (列席) attend and speak, and have no vote.
const (
	Chair     = "chair"
	Member    = "member"
	Attendant = "attendant"
)

// Seat is one place on the roster of a meeting. One without an account is
// vacant: a vacancy is not entitled, while a member on leave is (facts.md §7).
type Seat struct {
	Account id.Account `json:"account"`
	Name    string     `json:"name"` // as the minutes print it
	Post    string     `json:"post"`
	Present bool       `json:"present,omitempty"`
	Leave   string     `json:"leave,omitempty"` // why on leave; empty when not
	In      time.Time  `json:"in,omitzero"`
	Out     time.Time  `json:"out,omitzero"`
}

// Votes reports whether the seat is entitled to vote.
func (s Seat) Votes() bool { return s.Account != "" && (s.Post == Chair || s.Post == Member) }

// Meeting is one sitting of the committee.
type Meeting struct {
	ID           id.Meeting
	Programme    id.Programme
	Round        id.Round // whose applications it decides; empty for one of other matters only
	Title        string
	At           time.Time // when it is convened for
	Place        string
	Roster       []Seat
	Presiding    id.Account // a seat with the chair's post
	Rules        programme.Meeting
	State        stage.State
	CirculatedOn calendar.Date // when agenda and papers went out; zero before
	OpenedAt     time.Time
	EndedAt      time.Time
	Notes        string           // what the minutes say beyond the figures
	Reason       string           // why it was adjourned, cancelled or moved
	Rankings     []ballot.Ranking // of what was carried beyond the places, the first first
	Version      int64
}

// Plan is what the office writes when it calls a meeting.
type Plan struct {
	Round     id.Round
	Title     string
	At        time.Time
	Place     string
	Presiding id.Account
	Attending []string // names of those who attend without a vote
	Ballot    string   // how this meeting votes; empty: as the programme says
}

// Longest texts, in characters.
const (
	lineMax = 200
	textMax = 5000
	seatMax = 500
)

var (
	errConvener = fault.Define(fault.Forbidden, "meeting.convene.role",
		"会议由办公室经办人召集，%s不能召集。", "制度:未列明的行为一律不许")
	errTitle = fault.Define(fault.Invalid, "meeting.convene.title",
		"会议名称没有填写，或超过200字。写成“2026年第4次全体委员会议”的样子。", "办法(四)")
	errPlace = fault.Define(fault.Invalid, "meeting.convene.place",
		"会议地点没有填写，或超过200字。", "办法(四)")
	errPast = fault.Define(fault.Invalid, "meeting.convene.time",
		"开会时间没有填写，或已经过去。填今后的日期和时间。", "办法(四)")
	errRoster = fault.Define(fault.Invalid, "meeting.convene.roster",
		"名册里没有有表决权的委员，或人数超过500。先给委员建立账号。", "办法(四) 全体委员会议")
	errChair = fault.Define(fault.Invalid, "meeting.convene.presiding",
		"主持人要在名册里，并且是主任委员或受委托主持的副主任委员。", "办法(四)")
	errBallot = fault.Define(fault.Invalid, "meeting.convene.ballot",
		"没有这种表决方式。选记名、纸质票或无记名电子表决。", "制度:可以根据事项采用口头、举手、无记名或记名投票")
	// ErrText refuses a text that is missing, too long or not readable; its
	// argument is what the text is.
	ErrText = fault.Define(fault.Invalid, "meeting.text",
		"%s没有填写，或超过5000字，或有看不见的控制字符。", "")
	errSeat = fault.Define(fault.Refused, "meeting.sign_in.no_seat",
		"名册里没有这个人，不能签到。名册按召集时的委员名单。", "办法(四) 全体委员会议")
	errSignedIn = fault.Define(fault.Refused, "meeting.sign_in.twice",
		"已经签到，不用再签。", "办法(四)")
	errEarlySign = fault.Define(fault.Refused, "meeting.sign_in.early",
		"会议在%s召开，当天才能签到。", "办法(四)")
	errNotHere = fault.Define(fault.Refused, "meeting.depart.absent",
		"没有签到，不用登记离会。", "制度:中途离会记入会议记录")
	errPapers = fault.Define(fault.Refused, "meeting.papers.late",
		"议题和材料要在会前%d天送达，最早%s开会。请改期。", "制度:会前送达议题和材料，不作临时动议")
	errNotSent = fault.Define(fault.Refused, "meeting.open.no_papers",
		"议题和材料还没有送达，不能开会。", "制度:会前送达议题和材料，不作临时动议")
	errSent = fault.Define(fault.Refused, "meeting.circulate.twice",
		"议题和材料已经送达。", "制度:会前送达议题和材料，不作临时动议")
	errNoAgenda = fault.Define(fault.Refused, "meeting.circulate.empty",
		"会议还没有议题。先列入议题，再送达材料。", "办法(四)")
	errTooEarly = fault.Define(fault.Refused, "meeting.open.early",
		"会议定在%s召开，时间没到。", "办法(四)")
	errPresides = fault.Define(fault.Refused, "meeting.preside.other",
		"这次会议由%s主持，由主持人办理。", "办法(四)")
	errUnsettled = fault.Define(fault.Refused, "meeting.close.unsettled",
		"还有%d项没有结果。先逐项表决，或延期到下次会议。", "办法(四)")
	errOverQuota = fault.Define(fault.Refused, "meeting.close.over_quota",
		"%s通过%d项，名额%d个。先按方案办理超额：%s。", "办法(四)；方案设定的名额和超额办法")
)

// Convene calls a meeting under the rules that hold for it. How it votes may be
// chosen for the matters at hand (facts.md §7); the invitation says it. The roster is that
// of the day: who becomes a member later has no seat (S52).
func Convene(by stage.Actor, p id.Programme, rules programme.Meeting, plan Plan, roster []Seat, now time.Time) (*Meeting, stage.Move, error) {
	if !Kind.Takes("circulate", by.Role) {
		return nil, stage.Move{}, errConvener.New(by.Role.Word())
	}
	if plan.Ballot != "" {
		rules.Ballot = plan.Ballot
	}
	if !slices.Contains([]string{"named", "paper", "secret"}, rules.Ballot) {
		return nil, stage.Move{}, errBallot.At("ballot")
	}
	m := &Meeting{Programme: p, Round: plan.Round, Rules: rules, State: Convened}
	if err := m.arrange(plan, roster, now); err != nil {
		return nil, stage.Move{}, err
	}
	return m, stage.Move{Act: "convene", By: by.Role, To: Convened, Basis: "办法(四) 召开全体委员会议"}, nil
}

// Reschedule calls the meeting for another time or place, with the roster of
// now. Who had asked for leave or signed in keeps that.
func (m *Meeting) Reschedule(by stage.Actor, plan Plan, roster []Seat, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(m.State, "reschedule", by.Role)
	if err != nil {
		return mv, err
	}
	for i := range roster {
		if old := m.Seat(roster[i].Account); old != nil {
			roster[i] = Seat{Account: old.Account, Name: roster[i].Name, Post: roster[i].Post, Leave: old.Leave}
		}
	}
	return mv, m.arrange(plan, roster, now)
}

func (m *Meeting) arrange(plan Plan, roster []Seat, now time.Time) error {
	for _, name := range plan.Attending {
		roster = append(roster, Seat{Name: strings.TrimSpace(name), Post: Attendant})
	}
	var faults []*fault.Fault
	if !line(plan.Title) {
		faults = append(faults, errTitle.At("title"))
	}
	if !line(plan.Place) {
		faults = append(faults, errPlace.At("place"))
	}
	if !plan.At.After(now) {
		faults = append(faults, errPast.At("at"))
	}
	if !slices.ContainsFunc(roster, Seat.Votes) || len(roster) > seatMax {
		faults = append(faults, errRoster.At("roster"))
	}
	if !slices.ContainsFunc(roster, func(s Seat) bool { return s.Account == plan.Presiding && s.Votes() && s.Post == Chair }) {
		faults = append(faults, errChair.At("presiding"))
	}
	for _, s := range roster {
		if s.Account == "" && s.Post == Attendant && !line(s.Name) {
			faults = append(faults, ErrText.At("attending", "列席人员"))
		}
	}
	if err := fault.All(faults...); err != nil {
		return err
	}
	m.Title, m.Place, m.At = strings.TrimSpace(plan.Title), strings.TrimSpace(plan.Place), plan.At
	m.Roster, m.Presiding = roster, plan.Presiding
	return nil
}

// Circulate records that agenda and papers went out to the members. From here on
// nothing is added to the agenda.
func (m *Meeting) Circulate(by stage.Actor, items int, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(m.State, "circulate", by.Role)
	if err != nil {
		return mv, err
	}
	today := calendar.DateOf(now)
	switch {
	case !m.CirculatedOn.IsZero():
		return mv, errSent.New()
	case items == 0:
		return mv, errNoAgenda.New()
	}
	if err := papersInTime(today, m.Rules.MaterialDays, calendar.DateOf(m.At)); err != nil {
		return mv, err
	}
	m.CirculatedOn = today
	return mv, nil
}

// PapersBy returns the last day on which the agenda and the papers can go out.
func (m *Meeting) PapersBy() calendar.Date {
	return calendar.DateOf(m.At).AddDays(-m.Rules.MaterialDays)
}

// papersInTime: agenda and papers go out some days before the meeting, so that
// members read them (facts.md §7).
func papersInTime(sent calendar.Date, days int, on calendar.Date) error {
	if first := sent.AddDays(days); on.Before(first) {
		return errPapers.New(days, first.Chinese())
	}
	return nil
}

// SignIn records that somebody on the roster is there, on the day of the meeting
// or later. Members sign in themselves; the office may do it for them from a
// paper list.
func (m *Meeting) SignIn(by stage.Actor, who id.Account, now time.Time) (stage.Move, error) {
	mv, s, err := m.atSeat(by, "sign_in", who)
	if err != nil {
		return mv, err
	}
	if calendar.DateOf(now).Before(calendar.DateOf(m.At)) {
		return mv, errEarlySign.New(calendar.DateOf(m.At).Chinese())
	}
	if s.Present {
		return mv, errSignedIn.New()
	}
	s.Present, s.Leave, s.In, s.Out = true, "", now, time.Time{}
	return mv, nil
}

// Depart records that somebody left. A vote they gave before stands.
func (m *Meeting) Depart(by stage.Actor, who id.Account, now time.Time) (stage.Move, error) {
	mv, s, err := m.atSeat(by, "depart", who)
	if err != nil {
		return mv, err
	}
	if !s.Present {
		return mv, errNotHere.New()
	}
	s.Present, s.Out = false, now
	return mv, nil
}

// Excuse records a member's leave and why. One on leave stays entitled.
func (m *Meeting) Excuse(by stage.Actor, who id.Account, reason string) (stage.Move, error) {
	mv, s, err := m.atSeat(by, "excuse", who)
	if err != nil {
		return mv, err
	}
	if !Readable(reason) {
		return mv, ErrText.At("reason", "请假理由")
	}
	s.Leave, s.Present = reason, false
	return mv, nil
}

// atSeat finds the seat that an act concerns. Members act for themselves only.
func (m *Meeting) atSeat(by stage.Actor, act string, who id.Account) (stage.Move, *Seat, error) {
	mv, err := Kind.Step(m.State, act, by.Role)
	if err != nil {
		return mv, nil, err
	}
	if by.Role != stage.Clerk {
		who = by.Account
	}
	s := m.Seat(who)
	if s == nil {
		return mv, nil, errSeat.New()
	}
	return mv, s, nil
}

// Seat returns the seat of an account, or nil.
func (m *Meeting) Seat(who id.Account) *Seat {
	for i := range m.Roster {
		if who != "" && m.Roster[i].Account == who {
			return &m.Roster[i]
		}
	}
	return nil
}

// Open begins the sitting once a quorum has signed in (S52).
func (m *Meeting) Open(by stage.Actor, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(m.State, "open", by.Role)
	if err != nil {
		return mv, err
	}
	if err := m.Presides(by, nil); err != nil {
		return mv, err
	}
	switch {
	case m.CirculatedOn.IsZero():
		return mv, errNotSent.New()
	case now.Before(m.At):
		return mv, errTooEarly.New(when(m.At))
	}
	if err := papersInTime(m.CirculatedOn, m.Rules.MaterialDays, calendar.DateOf(now)); err != nil {
		return mv, err
	}
	if err := m.Quorate(m.Attendance()); err != nil {
		return mv, err
	}
	m.State, m.OpenedAt = mv.To, now
	return mv, nil
}

// Settlement is how the items of a meeting stand.
type Settlement struct {
	Unsettled int                   // items without a result
	Cuts      map[string]ballot.Cut // by category with a bound: what its places do to the carried ones
	Places    map[string]int        // places left in each of them
}

// Close ends the sitting when every item is settled and no category has more
// than its places (S54). What was resolved takes effect now.
func (m *Meeting) Close(by stage.Actor, s Settlement, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(m.State, "close", by.Role)
	if err != nil {
		return mv, err
	}
	if err := m.Presides(by, nil); err != nil {
		return mv, err
	}
	if s.Unsettled > 0 {
		return mv, errUnsettled.New(s.Unsettled)
	}
	for _, category := range slices.Sorted(maps.Keys(s.Cuts)) {
		if c := s.Cuts[category]; !c.Settled() {
			return mv, overQuota(category, c, s.Places[category])
		}
	}
	m.State, m.EndedAt = mv.To, now
	return mv, nil
}

func overQuota(category string, c ballot.Cut, places int) error {
	name, do := "本届", "票数靠后的不列入"
	if category != "" {
		name = "类别“" + category + "”"
	}
	if len(c.Again) > 0 {
		do = "再次表决，或者按方案进行差额表决"
	}
	return errOverQuota.New(name, c.Carried, max(places, 0), do)
}

// Adjourn ends the sitting early. Its items that are not settled, and those of a
// category with too many, are to be deferred by the caller.
func (m *Meeting) Adjourn(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	return m.end(by, "adjourn", reason, now)
}

// Cancel gives up a meeting that was never opened. Its items are deferred.
func (m *Meeting) Cancel(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	return m.end(by, "cancel", reason, now)
}

func (m *Meeting) end(by stage.Actor, act, reason string, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(m.State, act, by.Role)
	if err != nil {
		return mv, err
	}
	if by.Role == stage.Chair {
		if err := m.Presides(by, nil); err != nil {
			return mv, err
		}
	}
	if !Readable(reason) {
		return mv, ErrText.At("reason", "理由")
	}
	m.State, m.Reason, m.EndedAt = mv.To, reason, now
	return mv, nil
}

// Minute keeps what the minutes say beyond attendance and figures.
func (m *Meeting) Minute(by stage.Actor, notes string) (stage.Move, error) {
	mv, err := Kind.Step(m.State, "minute", by.Role)
	if err != nil {
		return mv, err
	}
	if !Readable(notes) {
		return mv, ErrText.At("notes", "会议记录")
	}
	m.Notes = notes
	return mv, nil
}

// Presides: the one who presides conducts the meeting. Where that person is
// recused from an item, another with the chair's post does.
func (m *Meeting) Presides(by stage.Actor, recusals map[id.Account]string) error {
	if recusals[m.Presiding] != "" {
		if s := m.Seat(by.Account); s != nil && s.Post == Chair && s.Present && recusals[by.Account] == "" {
			return nil
		}
	} else if by.Account == m.Presiding {
		return nil
	}
	name := ""
	if s := m.Seat(m.Presiding); s != nil {
		name = s.Name
	}
	return errPresides.New(name)
}

func when(t time.Time) string {
	return calendar.DateOf(t).Chinese() + " " + t.In(calendar.Zone).Format("15:04")
}

// line reports whether a short text is there and fits.
func line(s string) bool {
	return strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= lineMax && clean(s)
}

// Readable reports whether a longer text is there and fits.
func Readable(s string) bool {
	return strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= textMax && clean(s)
}

func clean(s string) bool {
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	return utf8.ValidString(s) && !strings.ContainsFunc(s, odd)
}
