package item

import (
	"maps"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

// The states of an item.
const (
	Listed    stage.State = "listed"    // on the agenda
	Voting    stage.State = "voting"    // ballots are open; no figure is told
	Counting  stage.State = "counting"  // closed; the result is to be declared
	Carried   stage.State = "carried"   // resolved in favour
	Lost      stage.State = "lost"      // resolved against
	Deferred  stage.State = "deferred"  // to a later meeting
	Withdrawn stage.State = "withdrawn" // there is nothing left to decide
)

// Kind is the item's machine.
var Kind = stage.Kind{
	Name: "item", Label: "议题", Start: Listed,
	Moves: []stage.Move{
		{From: Listed, Act: "recuse", By: stage.Member, To: Listed, Basis: "制度:回避"},
		{From: Listed, Act: "recuse", By: stage.Chair, To: Listed, Basis: "制度:回避"},
		{From: Listed, Act: "recuse", By: stage.Clerk, To: Listed, Basis: "制度:回避"},
		{From: Listed, Act: "write", By: stage.Member, To: Listed, Basis: "制度:缺席委员的书面意见记录在案"},
		{From: Listed, Act: "write", By: stage.Chair, To: Listed, Basis: "制度:缺席委员的书面意见记录在案"},
		{From: Listed, Act: "open_vote", By: stage.Chair, To: Voting, Basis: "办法(四) 根据初审、考察情况审议"},
		{From: Voting, Act: "recuse", By: stage.Member, To: Voting, Basis: "制度:回避"},
		{From: Voting, Act: "recuse", By: stage.Chair, To: Voting, Basis: "制度:回避"},
		{From: Voting, Act: "vote", By: stage.Member, To: Voting, Basis: "办法(四)"},
		{From: Voting, Act: "vote", By: stage.Chair, To: Voting, Basis: "办法(四)；制度:主持人末位表态"},
		{From: Voting, Act: "annul", By: stage.Chair, To: Listed, Basis: "制度:无记名表决作废的重新表决"},
		{From: Voting, Act: "close_vote", By: stage.Chair, To: Counting, Basis: "办法(四)"},
		{From: Counting, Act: "count", By: stage.Scrutineer, To: Counting, Basis: "制度:两名监票人各自计票"},
		{From: Counting, Act: "attach_sheet", By: stage.Scrutineer, To: Counting, Basis: "制度:纸质票的计票单扫描件归档后宣布"},
		{From: Counting, Act: "attach_sheet", By: stage.Clerk, To: Counting, Basis: "制度:纸质票的计票单扫描件归档后宣布"},
		{From: Counting, Act: "annul", By: stage.Chair, To: Listed, Basis: "制度:收回多于发出的表决无效，重新表决"},
		{From: Counting, Act: "carry", By: stage.Chair, To: Carried, Basis: "办法(四) 审议确定拟授牌对象；方案设定的通过比例"},
		{From: Counting, Act: "reject", By: stage.Chair, To: Lost, Basis: "办法(四) 审议确定拟授牌对象；方案设定的通过比例"},
		{From: Counting, Act: "vote_again", By: stage.Chair, To: Listed, Basis: "方案设定的票数相等办法"},
		{From: Carried, Act: "second_ballot", By: stage.Chair, To: Listed, Basis: "办法(四)；方案设定的超额办法"},
		{From: Carried, Act: "displace", By: stage.Chair, To: Lost, Basis: "办法(四)；方案设定的超额办法"},
		{From: Listed, Act: "defer", By: stage.Chair, To: Deferred, Basis: "制度:不足法定人数或意见分歧的缓议"},
		{From: Listed, Act: "defer", By: stage.Clerk, To: Deferred, Basis: "制度:会议取消的议题缓议"},
		{From: Voting, Act: "defer", By: stage.Chair, To: Deferred, Basis: "制度:不足法定人数或意见分歧的缓议"},
		{From: Counting, Act: "defer", By: stage.Chair, To: Deferred, Basis: "制度:不足法定人数或意见分歧的缓议"},
		{From: Carried, Act: "defer", By: stage.Chair, To: Deferred, Basis: "制度:超额未决的缓议"},
		{From: Deferred, Act: "relist", By: stage.Clerk, To: Listed, Basis: "办法(四)"},
		{From: Listed, Act: "withdraw", By: stage.Clerk, To: Withdrawn, Basis: "制度:议题已无可审议"},
		{From: Deferred, Act: "withdraw", By: stage.Clerk, To: Withdrawn, Basis: "制度:议题已无可审议"},
	},
	Ends: map[stage.State]bool{Carried: true, Lost: false, Withdrawn: false},
	Words: map[string]string{
		"listed": "待审议", "voting": "表决中", "counting": "待宣布", "carried": "通过", "lost": "未通过", "deferred": "缓议", "withdrawn": "已撤下",
		"list": "列入议题", "recuse": "回避", "write": "提交书面意见", "open_vote": "开始表决", "vote": "表决", "close_vote": "结束表决", "count": "计票", "attach_sheet": "上传计票单",
		"annul": "宣布表决无效", "carry": "宣布通过", "reject": "宣布未通过", "vote_again": "重新表决", "second_ballot": "再次表决", "displace": "名额外不列入",
		"defer": "缓议", "relist": "重新列入", "withdraw": "撤下",
	},
}

// Subjects lists what a committee decides on, with how people read it.
var Subjects = map[string]string{
	"application": "申报", "objection": "异议复议", "recheck": "复查结论", "rectification": "整改结论",
	"revocation": "撤销称号", "appeal": "申诉", "succession": "承继称号",
}

// Subject is the thing that an item is about.
type Subject struct {
	Kind string `json:"kind"` // a key of Subjects
	ID   string `json:"id"`
}

// Item is one matter on the agenda of a meeting.
type Item struct {
	ID             id.Item
	Meeting        id.Meeting
	Programme      id.Programme
	Round          id.Round        // of an application; empty for other matters
	Organisation   id.Organisation // whom it concerns
	Subject        Subject
	Position       int // on the agenda, from 1
	Title          string
	Category       string // of an application (S8)
	Recommendation string // the review's: recommend, not_recommend, doubtful; empty for other matters
	Opinion        string // the visit's: meets, partly, fails; empty where there was none
	State          stage.State
	Ballot         int                    // counts up with each vote that is opened
	Recusals       map[id.Account]string  // why
	Written        map[id.Account]Written // of members on leave
	Cast           int                    // ballots given in the vote that is open
	Counts         []ballot.Count         // of paper ballots, at most one a scrutineer
	Tally          ballot.Tally           // once known
	Base           meeting.Attendance     // the denominator, once the vote is closed
	Ayes           []int                  // of each ballot that carried it, for the ranking
	Reason         string                 // why it departs from the recommendation, was deferred or withdrawn
	ListedAt       time.Time
	OpenedAt       time.Time
	ClosedAt       time.Time
	DecidedAt      time.Time
	Version        int64
}

// Facts is what an item rests on when it is listed and again when its vote is
// opened.
type Facts struct {
	Subject        Subject
	Programme      id.Programme
	Round          id.Round
	Organisation   id.Organisation
	Title          string
	Category       string
	Recommendation string
	Opinion        string
	Waiting        bool // the thing waits for the committee now
	Reviewed       bool // its review is confirmed, or its procedure knows none (S53)
	Visited        bool // its visit is signed or waived, or its procedure knows none (S53)
	Elsewhere      bool // it stands on an agenda already
	Interested     map[id.Account]string
}

var (
	errLister = fault.Define(fault.Forbidden, "item.list.role",
		"议题由办公室经办人列入，%s不能列入。", "制度:未列明的行为一律不许")
	errSubject = fault.Define(fault.Invalid, "item.list.subject",
		"这类事项不由会议审定。", "办法(四)")
	errNotWaiting = fault.Define(fault.Refused, "item.list.not_waiting",
		"“%s”现在没有到会议审定环节，不能列入议题。", "办法(四)")
	errOpinions = fault.Define(fault.Refused, "item.opinions.missing",
		"“%s”缺%s，不能审议。两份意见齐全后再列入。", "办法(四) 根据初审、考察情况")
	errElsewhere = fault.Define(fault.Refused, "item.list.twice",
		"“%s”已在议程上，不能重复列入。", "办法(四)")
	errAgendaClosed = fault.Define(fault.Refused, "item.list.no_motion",
		"议题和材料已经送达，不再增加议题。请列入下次会议。", "制度:会前送达议题和材料，不作临时动议")
	errOtherRound = fault.Define(fault.Refused, "item.list.other_round",
		"“%s”不是这次会议所审这一届的申报。", "办法(四)")
	// ErrNotOpen refuses what is done in a sitting only; its argument is the meeting's
	// state.
	ErrNotOpen = fault.Define(fault.Refused, "item.meeting.not_sitting",
		"会议现在%s，不能办理这一步。", "办法(四)")
	errWrongMeeting = fault.Define(fault.Refused, "item.relist.state",
		"只能列入还没有开的会议。", "办法(四)")
	errRecusable = fault.Define(fault.Refused, "item.recuse.no_vote",
		"只有有表决权的委员需要回避。", "制度:回避")
	errRecusedTwice = fault.Define(fault.Refused, "item.recuse.twice",
		"这一项已经登记回避。", "制度:回避")
	errRecuseVoted = fault.Define(fault.Refused, "item.recuse.voted",
		"已经投票，不能再回避。请向主持人说明，由主持人缓议本项。", "制度:回避")
	errWriter = fault.Define(fault.Refused, "item.write.not_on_leave",
		"书面意见由请假的委员提交。到会的委员当场表决。", "制度:缺席委员的书面意见记录在案")
)

// List puts a matter on the agenda of a meeting whose papers have not gone out
// (S53). Members with an interest that is known from their accounts are recused
// from the start.
func List(by stage.Actor, m *meeting.Meeting, f Facts, position int, now time.Time) (*Item, stage.Move, error) {
	mv := stage.Move{Act: "list", By: by.Role, To: Listed, Basis: "办法(四) 根据初审、考察情况审议"}
	if !Kind.Takes("relist", by.Role) {
		return nil, mv, errLister.New(by.Role.Word())
	}
	if err := listable(m, f); err != nil {
		return nil, mv, err
	}
	return &Item{
		Meeting: m.ID, Programme: m.Programme, Round: f.Round, Organisation: f.Organisation, Subject: f.Subject, Position: position,
		Title: f.Title, Category: f.Category, Recommendation: f.Recommendation, Opinion: f.Opinion,
		State: Listed, Recusals: interested(m, f), Written: map[id.Account]Written{}, ListedAt: now,
	}, mv, nil
}

// Relist puts a deferred item on the agenda of another meeting.
func (i *Item) Relist(by stage.Actor, m *meeting.Meeting, f Facts, position int, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "relist", by.Role)
	if err != nil {
		return mv, err
	}
	if err := listable(m, f); err != nil {
		return mv, err
	}
	i.State, i.Meeting, i.Position, i.ListedAt, i.Reason = mv.To, m.ID, position, now, ""
	i.Recommendation, i.Opinion = f.Recommendation, f.Opinion
	i.Written, i.Ayes = map[id.Account]Written{}, nil
	maps.Copy(i.Recusals, interested(m, f))
	i.clear()
	return mv, nil
}

func listable(m *meeting.Meeting, f Facts) error {
	switch {
	case Subjects[f.Subject.Kind] == "":
		return errSubject.At("subject")
	case m.State != meeting.Convened:
		return errWrongMeeting.New()
	case !m.CirculatedOn.IsZero():
		return errAgendaClosed.New()
	case f.Elsewhere:
		return errElsewhere.New(f.Title)
	case f.Subject.Kind == "application" && f.Round != m.Round:
		return errOtherRound.New(f.Title)
	}
	return decidable(f)
}

// decidable: the committee decides on the grounds of review and visit; without
// either opinion there is nothing to decide on (S53).
func decidable(f Facts) error {
	var lacks []string
	if !f.Reviewed {
		lacks = append(lacks, "初审意见")
	}
	if !f.Visited {
		lacks = append(lacks, "考核意见")
	}
	if len(lacks) > 0 {
		return errOpinions.New(f.Title, strings.Join(lacks, "和"))
	}
	if !f.Waiting {
		return errNotWaiting.New(f.Title)
	}
	return nil
}

func interested(m *meeting.Meeting, f Facts) map[id.Account]string {
	all := map[id.Account]string{}
	for who, why := range f.Interested {
		if s := m.Seat(who); s != nil && s.Votes() {
			all[who] = why
		}
	}
	return all
}

// Recused reports whether a member is recused from the item.
func (i *Item) Recused(who id.Account) bool { return i.Recusals[who] != "" }

// Recuse takes a member out of the item: out of those who vote and, unless the
// programme says otherwise, out of those it counts among. Who has voted in it
// cannot any more. The office may record it for a member before the vote.
func (i *Item) Recuse(by stage.Actor, m *meeting.Meeting, who id.Account, reason string, votes []ballot.Vote) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "recuse", by.Role)
	if err != nil {
		return mv, err
	}
	if by.Role != stage.Clerk {
		who = by.Account
	}
	s := m.Seat(who)
	switch {
	case m.State != meeting.Convened && m.State != meeting.Sitting:
		return mv, ErrNotOpen.New(meeting.Kind.Word(string(m.State)))
	case s == nil || !s.Votes():
		return mv, errRecusable.New()
	case i.Recused(who):
		return mv, errRecusedTwice.New()
	case ballot.Voted(votes, who) || i.State == Voting && i.Tally.Secret:
		return mv, errRecuseVoted.New()
	case !meeting.Readable(reason):
		return mv, meeting.ErrText.At("reason", "回避理由")
	}
	i.Recusals = with(i.Recusals, who, reason)
	return mv, nil
}

// Written is the opinion of a member on leave. It is kept with the item, and
// counts among the votes only where the programme says so.
type Written struct {
	Choice string `json:"choice"`
	Text   string `json:"text,omitempty"`
}

// Write keeps the written opinion of a member on leave, until the vote opens.
func (i *Item) Write(by stage.Actor, m *meeting.Meeting, w Written) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "write", by.Role)
	if err != nil {
		return mv, err
	}
	s := m.Seat(by.Account)
	switch {
	case s == nil || !s.Votes() || s.Leave == "":
		return mv, errWriter.New()
	case i.Recused(by.Account):
		return mv, errVoteRecused.New()
	case ballot.Choices[w.Choice] == "":
		return mv, errChoice.At("choice")
	case w.Text != "" && !meeting.Readable(w.Text):
		return mv, meeting.ErrText.At("text", "书面意见")
	}
	i.Written = with(i.Written, by.Account, w)
	return mv, nil
}

func with[V any](m map[id.Account]V, who id.Account, v V) map[id.Account]V {
	m = maps.Clone(m)
	if m == nil {
		m = map[id.Account]V{}
	}
	m[who] = v
	return m
}

// Defer puts an item off to a later meeting.
func (i *Item) Defer(by stage.Actor, reason string) (stage.Move, error) {
	return i.drop(by, "defer", reason)
}

// Withdraw takes an item off the agenda for good.
func (i *Item) Withdraw(by stage.Actor, reason string) (stage.Move, error) {
	return i.drop(by, "withdraw", reason)
}

func (i *Item) drop(by stage.Actor, act, reason string) (stage.Move, error) {
	mv, err := Kind.Step(i.State, act, by.Role)
	if err != nil {
		return mv, err
	}
	if i.Tally.Secret && !i.Decrypted() {
		return mv, errSecretRuns.New()
	}
	if !meeting.Readable(reason) {
		return mv, meeting.ErrText.At("reason", "理由")
	}
	i.State, i.Reason = mv.To, reason
	return mv, nil
}

// Settled reports whether the meeting need not come back to the item.
func (i *Item) Settled() bool {
	return i.State == Carried || i.State == Lost || i.State == Deferred || i.State == Withdrawn
}

// clear forgets the figures of a ballot before another.
func (i *Item) clear() {
	i.Cast, i.Counts, i.Tally, i.Base = 0, nil, ballot.Tally{}, meeting.Attendance{}
	i.OpenedAt, i.ClosedAt, i.DecidedAt = time.Time{}, time.Time{}, time.Time{}
}
