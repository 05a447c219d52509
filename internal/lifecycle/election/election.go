package election

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/ballot"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

// The states of an election.
const (
	Prepared   stage.State = "prepared"   // who may vote on what is fixed
	Registered stage.State = "registered" // the credentials are made
	Voting     stage.State = "voting"
	Closed     stage.State = "closed"   // no ballot comes any more
	Tallied    stage.State = "tallied"  // the encrypted sum is there; trustees decrypt it
	Resolved   stage.State = "resolved" // the figures are known
	Void       stage.State = "void"     // given up; its items are voted on anew
)

// Kind is the election's machine.
var Kind = stage.Kind{
	Name: "election", Label: "无记名表决", Start: Prepared,
	Moves: []stage.Move{
		{From: Prepared, Act: "register", By: stage.Scrutineer, To: Registered, Basis: "制度:投票凭证由监督员逐人制作"},
		{From: Registered, Act: "open", By: stage.Chair, To: Voting, Basis: "办法(四) 根据初审、考察情况审议"},
		{From: Voting, Act: "cast", By: stage.Member, To: Voting, Basis: "办法(四)"},
		{From: Voting, Act: "cast", By: stage.Chair, To: Voting, Basis: "办法(四)"},
		{From: Voting, Act: "close", By: stage.Chair, To: Closed, Basis: "办法(四)"},
		{From: Closed, Act: "tally", By: stage.Chair, To: Tallied, Basis: "制度:只解密总数"},
		{From: Closed, Act: "tally", By: stage.Scrutineer, To: Tallied, Basis: "制度:只解密总数"},
		{From: Tallied, Act: "decrypt", By: stage.Scrutineer, To: Tallied, Basis: "制度:监票人三人以上，多数到场才能解密"},
		{From: Tallied, Act: "resolve", By: stage.Scrutineer, To: Resolved, Basis: "制度:监票人三人以上，多数到场才能解密"},
		{From: Prepared, Act: "spoil", By: stage.Chair, To: Void, Basis: "制度:名单变动或凭证泄露的作废重来"},
		{From: Registered, Act: "spoil", By: stage.Chair, To: Void, Basis: "制度:名单变动或凭证泄露的作废重来"},
		{From: Voting, Act: "spoil", By: stage.Chair, To: Void, Basis: "制度:名单变动或凭证泄露的作废重来"},
		{From: Closed, Act: "spoil", By: stage.Chair, To: Void, Basis: "制度:名单变动或凭证泄露的作废重来"},
		{From: Tallied, Act: "spoil", By: stage.Chair, To: Void, Basis: "制度:名单变动或凭证泄露的作废重来"},
	},
	Ends: map[stage.State]bool{Resolved: true, Void: false},
	Words: map[string]string{
		"prepared": "等制作凭证", "registered": "等开始投票", "voting": "投票中", "closed": "已结束投票", "tallied": "等解密", "resolved": "已计票", "void": "已作废",
		"prepare": "准备无记名表决", "register": "制作投票凭证", "open": "开始投票", "cast": "投票", "close": "结束投票", "tally": "合成密文总数",
		"decrypt": "解密", "resolve": "解密并得出票数", "spoil": "作废",
	},
}

// Fewest is the smallest set of voters of a secret ballot: of fewer, the figures
// would tell what single members said.
const Fewest = 5

// Answers are those of every question, in their order.
var Answers = []string{"赞成", "反对", "弃权"}

// Election is one secret ballot: a set of voters and what they vote on.
type Election struct {
	ID          id.Election
	Meeting     id.Meeting
	Programme   id.Programme
	Ceremony    id.Ceremony
	State       stage.State
	Rehearsal   bool         // 试投: decides nothing
	Items       []id.Item    // in the order of the questions; none in a rehearsal
	Voters      []id.Account // who may vote
	Object      string       // what is voted on, as every proof is bound to it
	Credentials string       // the public halves, in an order that says nothing
	Ballots     int          // how many ballots came
	Cast        int          // from how many voters
	Pepper      string       // ties voters to ballots while voting runs; forgotten at the close
	Tally, Size string       // the encrypted sum
	Parts       []Part
	Result      string // the figures, as the archive says them
	Began       time.Time
	Reason      string // why it is void
	Version     int64
}

// Part is one trustee's part of the decryption.
type Part struct {
	Trustee int    `json:"trustee"` // number, from 1
	Factors string `json:"factors"`
	Whose   string `json:"whose"`
}

// Ballot is one encrypted ballot. Voter is who gave it, under the pepper: once that
// is forgotten it says nothing.
type Ballot struct {
	Key        string // election and number
	Election   id.Election
	Number     int // from 1, the order of the archive
	Tracker    string
	Credential string // digest of the public one
	Voter      string
	Body       string
	At         time.Time // the hour
}

var (
	errChair = fault.Define(fault.Forbidden, "election.prepare.role",
		"无记名表决由主持人准备，%s不能准备。", "制度:未列明的行为一律不许")
	errNoKey = fault.Define(fault.Refused, "election.prepare.no_key",
		"监票人的密钥还没有生成，不能准备无记名表决。", "制度:密钥由监票人各自生成")
	errNoItem = fault.Define(fault.Invalid, "election.prepare.items",
		"没有选议题。选一项或几项待审议的议题。", "办法(四)")
	errFew = fault.Define(fault.Refused, "election.prepare.few",
		"“%s”有资格投票的只有%d人，少于%d人。人数太少，从票数就能看出每个人的意见，请改用纸质票，或者缓议。", "制度:无记名表决不少于5人")
	errLive = fault.Define(fault.Refused, "election.live",
		"还有一次无记名表决没有结果。先办完，或由主持人作废。", "制度:逐项表决")
	errNotRegistrar = fault.Define(fault.Refused, "election.register.other",
		"投票凭证由这次会议的监督员%s制作。", "制度:制作凭证、保管密钥、主持会议由不同的人承担")
	errCredentials = fault.Define(fault.Refused, "election.register.credentials",
		"收到的公开凭证不是%d份，或核对不成立，没有保存。请刷新页面后重新制作。", "制度:投票凭证由监督员逐人制作")
	errChanged = fault.Define(fault.Refused, "election.open.changed",
		"制作凭证后，%s签到或登记了回避，名单与凭证对不上。请作废本次表决，重新准备。", "制度:名单变动或凭证泄露的作废重来")
	errTally = fault.Define(fault.Refused, "election.tally",
		"密文总数与选票对不上，没有保存。请联系系统管理员核对存证日志。", "制度:只解密总数")
	errShare = fault.Define(fault.Refused, "election.decrypt.share",
		"解密结果核对不成立，没有保存。密钥文件可能是另一次会议的，或不是本人的。", "制度:监票人三人以上，多数到场才能解密")
	errShareTwice = fault.Define(fault.Refused, "election.decrypt.twice",
		"本人已经解密，不用再做。", "制度:监票人三人以上，多数到场才能解密")
)

// Voters lists who may vote on an item now: present, with a vote, not recused.
func Voters(m *meeting.Meeting, i *item.Item) (all []id.Account) {
	for _, s := range m.Roster {
		if s.Votes() && s.Present && (i == nil || !i.Recused(s.Account)) {
			all = append(all, s.Account)
		}
	}
	return all
}

// Prepare makes one election for each distinct set of those who may vote on the
// items. A rehearsal has no items and one set: everybody present.
func Prepare(by stage.Actor, m *meeting.Meeting, c *ceremony.Ceremony, items []*item.Item, rehearsal bool, before []Election, now time.Time) (all []*Election, mv stage.Move, err error) {
	mv = stage.Move{Act: "prepare", By: by.Role, To: Prepared, Basis: "制度:有资格投票的人相同的议题合用一张票"}
	switch {
	case !Kind.Takes("open", by.Role):
		err = errChair.New(by.Role.Word())
	case m.Rules.Ballot != "secret":
		err = ceremony.ErrNotSecret.New()
	case m.State != meeting.Sitting:
		err = item.ErrNotOpen.New(meeting.Kind.Word(string(m.State)))
	case c == nil || c.State != ceremony.Ready:
		err = errNoKey.New()
	case slices.ContainsFunc(before, func(e Election) bool { return e.State != Void && e.State != Resolved }):
		err = errLive.New()
	case len(items) == 0 && !rehearsal:
		err = errNoItem.At("items")
	default:
		err = m.Presides(by, nil)
	}
	if err != nil {
		return nil, mv, err
	}
	if rehearsal {
		items = []*item.Item{nil}
	}
	sets := map[string]*Election{}
	for _, i := range items {
		voters, title := Voters(m, i), "试投"
		if i != nil {
			title = i.Title
			if err := maySecret(i, m); err != nil {
				return nil, mv, err
			}
		}
		if len(voters) < Fewest {
			return nil, mv, errFew.New(title, len(voters), Fewest)
		}
		key := fmt.Sprint(voters)
		if sets[key] == nil {
			sets[key] = &Election{Meeting: m.ID, Programme: m.Programme, Ceremony: c.ID, State: Prepared, Rehearsal: rehearsal, Voters: voters, Began: now.Truncate(time.Hour)}
			all = append(all, sets[key])
		}
		if i != nil {
			sets[key].Items = append(sets[key].Items, i.ID)
		}
	}
	return all, mv, nil
}

// Write fixes what is voted on. questions are the titles of the items.
func (e *Election) Write(c *ceremony.Ceremony, uuid, name string, questions []string) error {
	_, key, err := c.Made().Trustees()
	if err != nil {
		return err
	}
	o := ballot.Election{Version: 1, Name: name, Group: ballot.Belenios2048.Name, PublicKey: key, UUID: uuid}
	for _, q := range questions {
		o.Questions = append(o.Questions, ballot.Question{Answers: Answers, Min: 1, Max: 1, Text: q})
	}
	text, err := o.Write()
	e.Object = string(text)
	return err
}

// Register keeps the public credentials that the registrar's browser made.
func (e *Election) Register(by stage.Actor, c *ceremony.Ceremony, credentials string) (stage.Move, error) {
	mv, err := Kind.Step(e.State, "register", by.Role)
	if err != nil {
		return mv, err
	}
	if by.Account != c.Registrar.Account {
		return mv, errNotRegistrar.New(c.Registrar.Name)
	}
	if n, err := ballot.CheckCredentials([]byte(e.Object), []byte(credentials)); err != nil || n != len(e.Voters) {
		return mv, errCredentials.New(len(e.Voters))
	}
	e.State, e.Credentials = mv.To, credentials
	return mv, nil
}

// Open opens the voting, when nobody came or was recused since the credentials were
// made. pepper is random.
func (e *Election) Open(by stage.Actor, m *meeting.Meeting, items []*item.Item, pepper string) (stage.Move, error) {
	mv, err := Kind.Step(e.State, "open", by.Role)
	if err != nil {
		return mv, err
	}
	if err := m.Presides(by, nil); err != nil {
		return mv, err
	}
	if e.Rehearsal {
		items = []*item.Item{nil}
	}
	for _, i := range items {
		var names []string
		for _, s := range m.Roster {
			in := slices.Contains(e.Voters, s.Account)
			if late := s.Votes() && s.Present && !in && (i == nil || !i.Recused(s.Account)); late || in && i != nil && i.Recused(s.Account) {
				names = append(names, s.Name)
			}
		}
		if len(names) > 0 {
			return mv, errChanged.New(strings.Join(names, "、"))
		}
	}
	e.State, e.Pepper = mv.To, pepper
	return mv, nil
}

// Tag is a voter's name on ballots while voting runs.
func (e *Election) Tag(who id.Account) string {
	h := hmac.New(sha256.New, []byte(e.Pepper))
	h.Write([]byte(who))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Close ends the voting and forgets who gave which ballot.
func (e *Election) Close(by stage.Actor, m *meeting.Meeting) (stage.Move, error) {
	mv, err := Kind.Step(e.State, "close", by.Role)
	if err != nil {
		return mv, err
	}
	if err := m.Presides(by, nil); err != nil {
		return mv, err
	}
	e.State, e.Pepper = mv.To, ""
	return mv, nil
}

// Sum keeps the encrypted sum of the ballots.
func (e *Election) Sum(by stage.Actor, tally, size []byte, wrong error) (stage.Move, error) {
	mv, err := Kind.Step(e.State, "tally", by.Role)
	if err != nil {
		return mv, err
	}
	if wrong != nil {
		return mv, errTally.New()
	}
	e.State, e.Tally, e.Size = mv.To, string(tally), string(size)
	return mv, nil
}

// Decrypt keeps one trustee's part. enough says that the figures can be computed.
func (e *Election) Decrypt(by stage.Actor, c *ceremony.Ceremony, part string) (mv stage.Move, enough bool, err error) {
	if mv, err = Kind.Step(e.State, "decrypt", by.Role); err != nil {
		return mv, false, err
	}
	n := c.Number(by.Account)
	switch {
	case n == 0:
		return mv, false, ceremony.ErrNotTrustee.New()
	case slices.ContainsFunc(e.Parts, func(p Part) bool { return p.Trustee == n }):
		return mv, false, errShareTwice.New()
	}
	trustees, _, err := c.Made().Trustees()
	if err != nil {
		return mv, false, err
	}
	whose, err := ballot.CheckDecryption([]byte(e.Object), trustees, []byte(e.Tally), n, []byte(part))
	if err != nil {
		return mv, false, errShare.New()
	}
	e.Parts = append(slices.Clone(e.Parts), Part{n, part, string(whose)})
	return mv, len(e.Parts) == c.Threshold, nil
}

// Awaits reports whether the figures wait for the part of the trustee with a number.
func (e *Election) Awaits(trustee int) bool {
	return trustee > 0 && e.State == Tallied && !slices.ContainsFunc(e.Parts, func(p Part) bool { return p.Trustee == trustee })
}

// Resolve keeps the figures that the archive gives.
func (e *Election) Resolve(by stage.Actor, result []byte, wrong error) (stage.Move, error) {
	mv, err := Kind.Step(e.State, "resolve", by.Role)
	if err != nil {
		return mv, err
	}
	if wrong != nil {
		return mv, errShare.New()
	}
	e.State, e.Result = mv.To, string(result)
	return mv, nil
}

// Spoil gives an election up.
func (e *Election) Spoil(by stage.Actor, m *meeting.Meeting, reason string) (stage.Move, error) {
	mv, err := Kind.Step(e.State, "spoil", by.Role)
	if err != nil {
		return mv, err
	}
	if err := m.Presides(by, nil); err != nil {
		return mv, err
	}
	if !meeting.Readable(reason) {
		return mv, meeting.ErrText.At("reason", "理由")
	}
	e.State, e.Reason, e.Pepper = mv.To, reason, ""
	return mv, nil
}

// Archive puts together the public record of an election, as far as it goes.
func (e *Election) Archive(c *ceremony.Ceremony, ballots []Ballot) (*ballot.Archive, error) {
	trustees, _, err := c.Made().Trustees()
	if err != nil {
		return nil, err
	}
	a, err := ballot.Begin(e.Began.Unix(), []byte(e.Object), trustees, []byte(e.Credentials))
	for _, b := range ballots {
		if err == nil {
			err = a.Append(ballot.Cast, []byte(b.Body))
		}
	}
	if err == nil && slices.Contains([]stage.State{Closed, Tallied, Resolved}, e.State) {
		err = a.Append(ballot.EndBallots)
	}
	if err == nil && e.Tally != "" {
		err = a.Append(ballot.EncryptedTally, []byte(e.Tally), []byte(e.Size))
	}
	for _, p := range e.Parts {
		if err == nil {
			err = a.Append(ballot.PartialDecryption, []byte(p.Factors), []byte(p.Whose))
		}
	}
	if err == nil && e.Result != "" {
		err = a.Append(ballot.Outcome, []byte(e.Result))
	}
	return a, err
}
