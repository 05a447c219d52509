package page

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/credential"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
)

// plaqueTone is how the state of a plaque feels.
func plaqueTone(s stage.State) Tone {
	switch s {
	case plaque.Ordered:
		return Open
	case plaque.HandedOver:
		return OK
	case plaque.Recalled, plaque.Lost:
		return Warn
	}
	return Ended
}

// term says how long a title lasts: 2021年9月15日至2024年9月15日.
func term(d designation.Designation) string {
	if d.ValidTo.IsZero() {
		return d.ValidFrom.Chinese() + "起，没有期限"
	}
	return d.ValidFrom.Chinese() + "至" + d.ValidTo.Chinese()
}

// left says how long a title still lasts, when its end is near.
func left(v casework.DesignationView) string {
	switch {
	case !v.Live() || v.Designation.ValidTo.IsZero() || v.DaysLeft > 180:
		return ""
	case v.DaysLeft == 0:
		return "今天24:00到期"
	}
	return fmt.Sprintf("还有%d天到期", v.DaysLeft)
}

// endSay says since when a title is no more: 自2026年3月9日起无效.
func endSay(d designation.Designation) string {
	if d.State == designation.Expired {
		return "有效期至" + d.EndedOn.Chinese() + "，已届满"
	}
	return "自" + d.EndedOn.Chinese() + "起无效"
}

// titleStates are the choices of the filter by state.
func titleStates() []Option {
	all := []Option{{Value: "", Word: "在册（有效、整改中）"}, {Value: "all", Word: "全部，含已终止"}}
	for _, s := range designation.Kind.States() {
		all = append(all, Option{Value: string(s), Word: designation.Kind.Word(string(s))})
	}
	return all
}

// holderKinds are the choices of the filter by kind of organisation.
var holderKinds = []Option{{Value: "", Word: "全部"}, {Value: "association", Word: "社会团体"}, {Value: "service", Word: "社会服务机构"}, {Value: "foundation", Word: "基金会"}}

// Directory is what the list of titles shows.
type Directory struct {
	All    []casework.DesignationView
	Query  url.Values
	Next   string
	On     calendar.Date // held at the end of this day; zero: the state says when
	Ended  int           // year in which they ended; 0: whenever
	Office bool          // with what only the office needs
	Clerk  bool          // and may bring in lists
}

func (d Directory) get(name string) string { return d.Query.Get(name) }

// data returns the address of the same list as data.
func (d Directory) data(format string) string {
	q := url.Values{}
	for _, name := range []string{"programme", "year", "region", "kind", "state", "on", "ended", "q"} {
		if v := d.get(name); v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return "/designations." + format
	}
	return "/designations." + format + "?" + q.Encode()
}

// say tells what a list of another time is of; empty for the usual one.
func (d Directory) say() string {
	switch {
	case !d.On.IsZero():
		return d.On.Chinese() + "24:00在册的称号。“状态”是现在的状态。"
	case d.Ended != 0:
		return count(d.Ended) + "年终止的称号。"
	}
	return ""
}

// regions are the choices of the filter by the place of registration: the provinces, and
// what was asked for when it is a smaller one.
func (d Directory) regions() []Option {
	all := []Option{{Value: "", Word: "全部"}}
	for _, a := range creditcode.Areas() {
		all = append(all, Option{Value: a.Code, Word: a.Name})
	}
	if now := d.get("region"); len(now) > 2 {
		if a, known := creditcode.AreaOf(now); known {
			all = append(all, Option{Value: now, Word: a.Name + "，区划代码" + now})
		}
	}
	return all
}

// titleEventsOf turns a title's history into a timeline, the last line marked as
// where it is.
func titleEventsOf(v casework.DesignationView) (all []Event) {
	for i, e := range v.Timeline {
		all = append(all, Event{When: e.On.Chinese(), What: e.Word, Note: e.Note, Here: i == len(v.Timeline)-1})
	}
	if v.Live() {
		if d := v.Designation.RecheckDue; !d.IsZero() {
			all = append(all, Event{When: d.Chinese() + "前", What: "复查", Next: true})
		}
		if d := v.Designation.ValidTo; !d.IsZero() {
			all = append(all, Event{When: d.Chinese() + " 24:00", What: "有效期届满", Next: true})
		}
	}
	return all
}

// titleStrip is the process strip of a title on work pages.
func titleStrip(v casework.DesignationView) Strip {
	d := v.Designation
	s := Strip{Stage: designation.Kind.Word(string(d.State)), Who: "持有单位"}
	switch {
	case v.ForCommittee && v.Waits:
		s.Who, s.WhoNote = "办公室、委员会", "持有单位已合并，是否承继由会议审定"
	case v.Waits:
		s.Who, s.WhoNote = "办公室", "持有单位"+v.HolderState
	case d.State == designation.Rectifying:
		s.Who, s.WhoNote = "持有单位", "限期整改"
	case d.Ended():
		s.Who, s.StageNote, s.Due = Over, endSay(d), Day(d.EndedOn)
	}
	if v.Live() && !d.ValidTo.IsZero() {
		s.Due, s.DueNote = Day(d.ValidTo)+" 24:00", left(v)
	}
	if !v.MendBy.IsZero() {
		s.Due, s.DueNote = Day(v.MendBy)+" 24:00", "整改期限"
	}
	return s
}

// titleFacts are the facts of a title that everybody may know.
func titleFacts(v casework.DesignationView) []Fact {
	d := v.Designation
	facts := []Fact{
		{Word: "称号", Value: v.Programme.Base}, {Word: "编号", Value: d.Number, Code: true}, {Word: "持有单位", Value: d.Name},
	}
	if v.Present != d.Name {
		facts = append(facts, Fact{Word: "现用名称", Value: v.Present})
	}
	facts = append(
		facts,
		Fact{Word: "信用代码", Value: v.Code, Code: true}, Fact{Word: "单位类别", Value: v.Kind},
		Fact{Word: "命名日期", Value: d.NamedOn.Chinese()}, Fact{Word: "有效期", Value: term(d)},
		Fact{Word: "命名单位", Value: v.Programme.Issuer.Name},
	)
	if number := v.DocNumber(); number != "" {
		f := Fact{Word: "命名文号", Value: number, Code: true}
		if v.Naming.DocNumber != "" {
			f.Link = "/namings/" + string(v.Naming.ID)
		}
		facts = append(facts, f)
	}
	if !v.Live() {
		facts = append(facts, Fact{Word: "终止", Value: designation.Kind.Word(string(d.State)) + "，" + endSay(d)})
	}
	return append(facts, successionFacts(v)...)
}

// successionFacts say from whom a title came and to whom it went.
func successionFacts(v casework.DesignationView) (facts []Fact) {
	if v.Predecessor != nil {
		facts = append(facts, Fact{Word: "承继自", Value: v.Predecessor.Name + "（" + v.Predecessor.Number + "）", Link: "/designations/" + string(v.Predecessor.ID)})
	}
	for _, h := range v.Heirs {
		f := Fact{Word: "分立后的承继单位", Value: h.Name + "，不予承继"}
		if h.Waits {
			f.Value = h.Name + "，能否承继没有审定"
		} else if h.Title != nil {
			f.Value, f.Link = h.Name+"（"+h.Title.Number+"）", "/designations/"+string(h.Title.ID)
		} else if h.Decide == "" {
			continue // it is no more, and nobody decided about it
		}
		facts = append(facts, f)
	}
	if v.Successor != nil && len(v.Heirs) == 0 {
		facts = append(facts, Fact{Word: "由谁承继", Value: v.Successor.Name + "（" + v.Successor.Number + "）", Link: "/designations/" + string(v.Successor.ID)})
	}
	return facts
}

// titleMay reports whether the viewer may do something with the title now.
func titleMay(v casework.DesignationView, act string) bool {
	return slices.Contains(v.Acts, act)
}

// verdict is how a verification looks: the class of its card, its icon, the word
// in large type and the sentence below it. Colour never stands alone.
func verdict(v casework.Verification) (class, icon, word, say string) {
	d := v.Title.Designation
	state := designation.Kind.Word(string(d.State))
	switch {
	case !d.Live():
		say = "称号" + endSay(d) + "，牌匾不得使用"
		if d.State == designation.Expired {
			say = "称号" + endSay(d) + "，不再是在册的称号"
		}
		return "verify-card verify-revoked", "ended", state, say
	case v.Plaque.State == plaque.Lost:
		return "verify-card verify-mending", "warn", "牌匾已挂失", "单位的称号" + state + "，但这块牌匾已报失，不应出现在别处"
	case v.Plaque.State == plaque.Replaced:
		return "verify-card verify-mending", "warn", "牌匾已更换", "单位的称号" + state + "，这块旧牌匾已由新牌匾代替"
	case d.State == designation.Rectifying:
		return "verify-card verify-mending", "warn", state, "牌匾真实，称号保留，正在限期整改"
	case v.Plaque.State == plaque.Ordered:
		return "verify-card verify-valid", "ok", state, "称号有效，牌匾正在制作，还没有授牌"
	case d.ValidFrom.After(v.Today):
		return "verify-card verify-valid", "ok", state, "牌匾真实，有效期自" + d.ValidFrom.Chinese() + "起计算"
	}
	return "verify-card verify-valid", "ok", state, "这块牌匾真实，称号在有效期内"
}

// verifyFacts are what one compares with the plaque, and what became of it: they fit on the
// screen of a phone.
func verifyFacts(v casework.Verification) []Fact {
	d := v.Title.Designation
	var facts []Fact
	switch {
	case !d.Live():
		facts = append(facts, Fact{Word: strings.TrimPrefix(designation.Kind.Word(string(d.State)), "已") + "日期", Value: d.EndedOn.Chinese()})
	case !v.Title.MendBy.IsZero():
		facts = append(facts, Fact{Word: "整改期限", Value: v.Title.MendBy.Chinese() + "，到期复核后更新本页"})
	}
	if d.Live() {
		if d.ValidTo.IsZero() {
			facts = append(facts, Fact{Word: "有效期", Value: "没有期限"})
		} else {
			facts = append(facts, Fact{Word: "有效期至", Value: d.ValidTo.Chinese()})
		}
	}
	facts = append(facts, Fact{Word: "牌匾编号", Value: v.Plaque.Number, Code: true}, Fact{Word: "命名单位", Value: v.Title.Programme.Issuer.Name})
	switch v.Plaque.State {
	case plaque.Returned:
		facts = append(facts, Fact{Word: "牌匾去向", Value: v.Plaque.ReturnedOn.Chinese() + "已交回"})
	case plaque.Recalled:
		facts = append(facts, Fact{Word: "牌匾去向", Value: "应交回，尚未交回"})
	case plaque.Lost:
		facts = append(facts, Fact{Word: "挂失日期", Value: v.Plaque.LostOn.Chinese()})
	}
	if v.Newer != nil {
		facts = append(facts, Fact{Word: "现用牌匾", Value: "编号" + v.Newer.Number})
	}
	return facts
}

// verifyMore is what else is known of the title.
func verifyMore(v casework.Verification) []Fact {
	d := v.Title.Designation
	facts := []Fact{{Word: "命名日期", Value: d.NamedOn.Chinese()}, {Word: "信用代码", Value: v.Title.Code, Code: true}}
	if number := v.Title.DocNumber(); number != "" {
		facts = append(facts, Fact{Word: "命名文号", Value: number, Code: true})
	}
	facts = append(facts, successionFacts(v.Title)...)
	if v.Title.Present != d.Name {
		facts = append(facts, Fact{Word: "现用名称", Value: v.Title.Present})
	}
	return facts
}

// credentialFacts says what was checked of a credential, and what each check means.
func credentialFacts(v casework.Verification) []Fact {
	c := v.Credential
	signed := "✓ 成立：凭证由" + v.Title.Programme.Issuer.Name + "签发，内容没有改动"
	if !c.Signed {
		signed = "这台服务器暂时不能出具签名，称号状态不受影响"
	}
	state := "✓ 没有作废：在状态列表里没有标记"
	switch {
	case c.Bears():
		state = "✗ 已作废：" + c.EndedAt.In(calendar.Zone).Format("2006年1月2日") + "起在状态列表里标记，不能恢复"
	case c.State == credential.Expired:
		state = "✗ 已到期：凭证自己写明的有效期已过"
	}
	facts := []Fact{
		{Word: "签名", Value: signed},
		{Word: "状态", Value: state},
		{Word: "存证", Value: "签发前，凭证摘要已写入存证日志；存证证明可以脱离本网站核对"},
		{Word: "凭证编号", Value: string(c.ID), Code: true},
		{Word: "内容摘要", Value: c.Digest[:16] + "…", Code: true},
		{Word: "状态列表", Value: count(c.List) + "号列表第" + count(c.Place) + "位"},
	}
	if c.Copies > 1 {
		facts = append(facts, Fact{Word: "换发", Value: "第" + count(c.Copies) + "份，以前的已作废"})
	}
	return facts
}

// plaqueLines are the lines that a plaque must say.
func plaqueLines(q plaque.Plaque) []string { return strings.Split(q.Text, "\n") }

// plaqueFacts are the facts of a plaque for the register.
func plaqueFacts(v casework.PlaqueView) []Fact {
	q := v.Plaque
	return known([]Fact{
		{Word: "牌匾编号", Value: q.Number, Code: true},
		{Word: "核验码", Value: plaque.Grouped(q.Code), Code: true, Link: "/v/" + q.Code},
		{Word: "单位", Value: v.Title.Designation.Name, Link: "/designations/" + string(q.Designation)},
		{Word: "文字", Value: strings.Join(plaqueLines(q), " ／ ")},
		{Word: "尺寸", Value: q.Size},
		{Word: "材质", Value: q.Material},
		{Word: "制作", Value: q.OrderedOn.Chinese()},
		{Word: "授牌", Value: q.HandedOn.Chinese()},
		{Word: "领取人职务", Value: q.Receiver},
		{Word: "挂失", Value: q.LostOn.Chinese()},
		{Word: "收回通知", Value: q.RecalledOn.Chinese()},
		{Word: "交回", Value: q.ReturnedOn.Chinese()},
		{Word: "说明", Value: q.Reason},
	})
}

// plaqueStrip is the process strip of a plaque.
func plaqueStrip(v casework.PlaqueView) Strip {
	s := Strip{Steps: []string{"制作", "授牌"}, Stage: plaque.Kind.Word(string(v.Plaque.State)), Who: "办公室"}
	switch v.Plaque.State {
	case plaque.Ordered:
		s.Step = 2
		s.WhoNote = "制作完成后登记领取"
	case plaque.HandedOver:
		s.Step, s.Who = 3, "持有单位"
	case plaque.Recalled:
		s.Steps, s.Who, s.WhoNote = nil, "持有单位", "交回后由办公室登记"
	default:
		s.Steps = nil
	}
	return s
}

func count(n int) string { return strconv.Itoa(n) }
