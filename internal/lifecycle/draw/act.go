package draw

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

var (
	errCases = fault.Define(fault.Invalid, "draw.freeze.cases",
		"没有选考核的单位，或选的单位已有考核组，或已在别的抽取里。只选等待组织考核组的单位。", "办法(三) 组织考核组")
	errPoolSmall = fault.Define(fault.Invalid, "draw.freeze.small",
		"专家库的“%s”一层只有%d人，方案要%d人。先在专家库里补充。", "方案设定的考核组名额")
	errFixed = fault.Define(fault.Refused, "draw.fixed",
		"已有一方承诺，名单和规则不能再改，抽取不能取消。", "制度:承诺以后不得更改名单和规则")
	errRevealBy = fault.Define(fault.Invalid, "draw.rule.reveal_by",
		"揭示截止时间没有填写，或已经过去。填以后的时间，给各方留出承诺和揭示的时间。", "制度:规则事先公布")
	errExternal = fault.Define(fault.Invalid, "draw.rule.external",
		"外部数值的来源写成一行，不超过100字；不用外部数值的，留空。", "制度:规则事先公布")
	errSide = fault.Define(fault.Refused, "draw.commit.side",
		"%s已有人承诺，一方只承诺一次。", "制度:利益不同的各方承诺")
	errDrawn = fault.Define(fault.Refused, "draw.commit.drawn",
		"名单里的人不能参与承诺。", "制度:利益不同的各方承诺")
	errHost = fault.Define(fault.Refused, "draw.commit.host",
		"只有本次考核的申报单位可以派代表参与承诺。", "制度:利益不同的各方承诺")
	errSecret = fault.Define(fault.Invalid, "draw.secret",
		"秘密要有%d到%d个字，写在一行里。", "制度:利益不同的各方承诺")
	errNonce = fault.Define(fault.Invalid, "draw.nonce",
		"随机数是32位十六进制数（0–9、a–f）。照承诺时的那一个填写。", "制度:利益不同的各方承诺")
	errCommitment = fault.Define(fault.Invalid, "draw.commitment",
		"承诺值是64位十六进制数（0–9、a–f），并且与别方的不同。", "制度:利益不同的各方承诺")
	errPast = fault.Define(fault.Refused, "draw.past",
		"已过规则公布的截止时间，不能再承诺。", "制度:规则事先公布")
	errFew = fault.Define(fault.Refused, "draw.close.few",
		"现在有%d方承诺，至少要%d方。", "制度:至少三方承诺")
	errNoParty = fault.Define(fault.Refused, "draw.reveal.party",
		"没有承诺过，或已经揭示，不用揭示。", "制度:承诺的各方揭示")
	errDiffers = fault.Define(fault.Invalid, "draw.reveal.differs",
		"秘密和随机数与承诺值不符。照承诺时的原样填写，标点、空格也要一样。", "制度:承诺的各方揭示")
	errNoSource = fault.Define(fault.Refused, "draw.value.none",
		"规则没有写外部数值，不用录入。", "制度:规则事先公布")
	errValue = fault.Define(fault.Invalid, "draw.value",
		"外部数值没有填写，或超过100字，或不是一行。照来源公布的原样填写。", "制度:外部数值由两人分别录入")
	errValueTwice = fault.Define(fault.Refused, "draw.value.twice",
		"外部数值已由两人录入一致，或本人已经录入。由另一人录入。", "制度:外部数值由两人分别录入")
	errWait = fault.Define(fault.Refused, "draw.conclude.value",
		"规则要用外部数值，还没有两人录入一致的数值。", "制度:外部数值由两人分别录入")
	errEarly = fault.Define(fault.Refused, "draw.fail.early",
		"还没有到规则公布的截止时间%s，不能登记为没有完成。", "制度:规则事先公布")
	errOnce = fault.Define(fault.Refused, "draw.restart.once",
		"已经重新抽取过一次。两次没有完成的，由监督方主持人工抽取。", "制度:没有完成的抽取只重来一次")
	errFirst = fault.Define(fault.Refused, "draw.manual.first",
		"第一次没有完成的，先重新抽取一次。", "制度:没有完成的抽取重来一次")
)

// Candidate is who may be drawn.
type Candidate struct {
	Account id.Account
	Name    string
	Stratum string
	Tied    []id.Organisation // in whose visit they have no part
}

// Opened returns a draw for a round; earlier is the one that failed before it, or nil.
func Opened(p id.Programme, r id.Round, earlier *Draw, now time.Time) Draw {
	d := Draw{Programme: p, Round: r, Attempt: 1, OpenedAt: now}
	if earlier != nil {
		d.Attempt = earlier.Attempt + 1
		d.Earlier = &lot.Earlier{Draw: string(earlier.ID), Pool: earlier.Pool.Digest(), Missing: earlier.Missing(), Reason: earlier.Reason}
	}
	return d
}

// Freeze fixes who may be drawn for which visits, with what each is recused from
// (trust.md §6.1). It may be done again, with another pool's identifier, as long as
// nobody committed.
//
// waiting lists the visits that have no team and are in no other draw; chosen are
// those that this draw is for.
func (d *Draw) Freeze(by stage.Actor, chosen []id.Visit, waiting []Case, all []Candidate, strata []programme.Stratum) (stage.Move, error) {
	m := stage.Move{Act: "freeze", By: by.Role, To: Frozen, Basis: "制度:先公布名单和规则，后承诺"}
	if d.State != "" {
		var err error
		if m, err = Kind.Step(d.State, "freeze", by.Role); err != nil {
			return m, err
		}
		if len(d.Parties) > 0 {
			return m, errFixed.New()
		}
	}
	var wrong []*fault.Fault
	var cases []Case
	for n, v := range chosen {
		if i := slices.IndexFunc(waiting, func(c Case) bool { return c.Visit == v }); i >= 0 && !slices.Contains(chosen[:n], v) {
			cases = append(cases, waiting[i])
		}
	}
	if len(cases) == 0 || len(cases) < len(chosen) {
		wrong = append(wrong, errCases.At("visits"))
	}
	for _, s := range strata {
		n := 0
		for _, c := range all {
			if c.Stratum == s.Code {
				n++
			}
		}
		if n < s.Seats {
			wrong = append(wrong, errPoolSmall.At("pool", s.Title, n, s.Seats))
		}
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	d.State = m.To
	d.fix(cases, all)
	return m, nil
}

// fix writes the pool, with digests that mean nothing in another one.
func (d *Draw) fix(cases []Case, all []Candidate) {
	d.Edition++
	d.Cases, d.Seats, d.Rule = cases, nil, lot.Rule{}
	d.Pool = lot.Pool{ID: fmt.Sprintf("%s.%d", d.ID, d.Edition)}
	for i := range d.Cases {
		c := &d.Cases[i]
		c.Case = lot.Key("case", d.Pool.ID, string(c.Visit))
		d.Pool.Cases = append(d.Pool.Cases, c.Case)
	}
	for _, one := range all {
		s := Seat{Account: one.Account, Name: one.Name, Member: lot.Key("member", d.Pool.ID, string(one.Account))}
		member := lot.Member{ID: s.Member, Stratum: one.Stratum}
		for _, c := range d.Cases {
			if slices.Contains(one.Tied, c.Organisation) {
				member.Recusals = append(member.Recusals, c.Case)
			}
		}
		d.Seats, d.Pool.Members = append(d.Seats, s), append(d.Pool.Members, member)
	}
}

// Publish publishes the rule: how many of each stratum, who leads, until when
// secrets are revealed, and where a value from outside comes from (trust.md §6.2).
func (d *Draw) Publish(by stage.Actor, strata []programme.Stratum, revealBy time.Time, external string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "rule", by.Role)
	if err != nil {
		return m, err
	}
	var wrong []*fault.Fault
	if !revealBy.After(now) {
		wrong = append(wrong, errRevealBy.At("reveal_by"))
	}
	if !line(external, 0, 100) || external == "none" {
		wrong = append(wrong, errExternal.At("external"))
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	d.State, d.Rule = m.To, lot.Rule{RevealBy: revealBy.Truncate(time.Second), External: external}
	for _, s := range strata {
		d.Rule.Quotas = append(d.Rule.Quotas, lot.Quota{Stratum: s.Code, Seats: s.Seats})
		if s.Lead || d.Rule.Lead == "" {
			d.Rule.Lead = s.Code
		}
	}
	return m, nil
}

// line reports whether a text is one line of so many characters.
func line(s string, least, most int) bool {
	n := utf8.RuneCountInString(s)
	return n >= least && n <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

var commitmentForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Commitment is what a party sends: its digest, or the secret for the platform to
// digest, which then has seen it.
type Commitment struct {
	Digest string
	Reveal lot.Reveal
}

// Commit takes a party's commitment: one a side, by somebody who is not in the pool
// and, for the applicants, of an organisation that is visited (trust.md §6.3).
func (d *Draw) Commit(by stage.Actor, name string, c Commitment, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "commit", by.Role)
	if err != nil {
		return m, err
	}
	side := SideOf(by.Role)
	here := func(p Party) bool { return p.Account == by.Account }
	switch {
	case d.Over(now):
		return m, errPast.New()
	case d.Seated(by.Account):
		return m, errDrawn.New()
	case by.Role == stage.Applicant && !slices.ContainsFunc(d.Cases, func(c Case) bool { return c.Organisation == by.Organisation }):
		return m, errHost.New()
	case d.Party(side) != nil || slices.ContainsFunc(d.Parties, here):
		return m, errSide.New(lot.Sides[side])
	}
	hashed := lot.ByParty
	if c.Digest == "" {
		if err := complete(c.Reveal); err != nil {
			return m, err
		}
		c.Digest, hashed = c.Reveal.Commitment(), lot.ByServer
	}
	if !commitmentForm.MatchString(c.Digest) || slices.ContainsFunc(d.Parties, func(p Party) bool { return p.Commitment == c.Digest }) {
		return m, fault.All(errCommitment.At("commitment"))
	}
	d.Parties = append(d.Parties, Party{Side: side, Account: by.Account, Name: name, For: by.Organisation, Commitment: c.Digest, HashedBy: hashed, CommittedAt: now})
	return m, nil
}

func complete(r lot.Reveal) error {
	var wrong []*fault.Fault
	if !line(r.Secret, lot.SecretMin, lot.SecretMax) {
		wrong = append(wrong, errSecret.At("secret", lot.SecretMin, lot.SecretMax))
	}
	if !(lot.Reveal{Secret: strings.Repeat("x", lot.SecretMin), Nonce: r.Nonce}).Complete() {
		wrong = append(wrong, errNonce.At("nonce"))
	}
	return fault.All(wrong...)
}

// Close ends the commitments: at least three sides made one.
func (d *Draw) Close(by stage.Actor) (stage.Move, error) {
	m, err := Kind.Step(d.State, "close", by.Role)
	if err != nil {
		return m, err
	}
	if len(d.Parties) < lot.LeastParties {
		return m, errFew.New(len(d.Parties), lot.LeastParties)
	}
	d.State = m.To
	return m, nil
}

// Reveal takes what a party committed to (trust.md §6.4). With the last one all are
// published; before that nobody sees one.
func (d *Draw) Reveal(by stage.Actor, r lot.Reveal, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "reveal", by.Role)
	if err != nil {
		return m, err
	}
	p := d.Party(SideOf(by.Role))
	if p == nil || p.Account != by.Account || !p.RevealedAt.IsZero() {
		return m, errNoParty.New()
	}
	if err := complete(r); err != nil {
		return m, err
	}
	if r.Commitment() != p.Commitment {
		return m, fault.All(errDiffers.At("secret"))
	}
	p.Reveal, p.RevealedAt = r, now
	if len(d.Missing()) == 0 {
		m, err = Kind.Step(d.State, "complete", by.Role)
		d.State = m.To
	}
	return m, err
}

// Enter takes the value from outside as one person reads it. It counts when two
// typed the same (trust.md §6.5).
func (d *Draw) Enter(by stage.Actor, name, text string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "value", by.Role)
	if err != nil {
		return m, err
	}
	_, agreed := d.Value()
	switch {
	case d.Rule.External == "":
		return m, errNoSource.New()
	case agreed || len(d.Values) > 0 && d.Values[len(d.Values)-1].Account == by.Account:
		return m, errValueTwice.New()
	case !line(text, 1, 100):
		return m, fault.All(errValue.At("value"))
	}
	d.Values = append(d.Values, Value{by.Account, name, text, now})
	return m, nil
}

// Conclude comes to the order.
func (d *Draw) Conclude(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "conclude", by.Role)
	if err != nil {
		return m, err
	}
	if _, agreed := d.Value(); d.Rule.External != "" && !agreed {
		return m, errWait.New()
	}
	d.State, d.EndedAt = m.To, now
	return m, nil
}

// Over reports whether the time to commit and reveal is over.
func (d *Draw) Over(now time.Time) bool { return d.Ruled() && !now.Before(d.Rule.RevealBy) }

// Fail records that somebody did not commit or reveal in time (trust.md §6.4).
func (d *Draw) Fail(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "fail", by.Role)
	if err != nil {
		return m, err
	}
	if !d.Over(now) {
		return m, errEarly.New(d.Rule.RevealBy.Format("2006年1月2日 15:04"))
	}
	if err := fault.All(review.Written("reason", "没有完成的原因", reason)); err != nil {
		return m, err
	}
	d.State, d.Reason = m.To, reason
	return m, nil
}

// Restart gives the place of a draw that failed to another, once.
func (d *Draw) Restart(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "restart", by.Role)
	if err != nil {
		return m, err
	}
	if d.Attempt > 1 {
		return m, errOnce.New()
	}
	d.State, d.EndedAt = m.To, now
	return m, nil
}

// ByHand says how lots were drawn under supervision after two draws that failed.
func (d *Draw) ByHand(by stage.Actor, how string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "manual", by.Role)
	if err != nil {
		return m, err
	}
	if d.Attempt < 2 {
		return m, errFirst.New()
	}
	if err := fault.All(review.Written("reason", "人工抽取的经过", how)); err != nil {
		return m, err
	}
	d.State, d.Reason, d.EndedAt = m.To, how, now
	return m, nil
}

// Cancel gives a draw up before there is a commitment.
func (d *Draw) Cancel(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "cancel", by.Role)
	if err != nil {
		return m, err
	}
	if len(d.Parties) > 0 {
		return m, errFixed.New()
	}
	if err := fault.All(review.Written("reason", "取消的原因", reason)); err != nil {
		return m, err
	}
	d.State, d.Reason, d.EndedAt = m.To, reason, now
	return m, nil
}
