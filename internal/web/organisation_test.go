package web_test

import (
	"fmt"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// register is the form of 单位建档.
func register(change ...string) []string {
	form := []string{
		"code", "５１２２００００mj0000018t", "name", "吉林省𠮷林行业协会", "registrar", "吉林省民政厅", "registered_on", "2010年3月1日",
		"legal_head", "负责人甲", "contact", "办公室电话", "override", "", "evidence", "", "legacy_number", "",
	}
	for i := 0; i+1 < len(change); i += 2 {
		for j := 0; j+1 < len(form); j += 2 {
			if form[j] == change[i] {
				form[j+1] = change[i+1]
			}
		}
	}
	return form
}

// TestAnOrganisationByItsPages: the clerk registers it, the operator invites its
// clerk, who fills in what is known and sees what is still missing; the office
// confirms.
func TestAnOrganisationByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Programme()
	clerk, operator := w.Browser(w.Office().Clerk), w.Browser(w.Person("系统管理员", stage.Operator))
	clerk.Get("/organisations").Want(200, "没有符合条件的单位")
	clerk.Get("/organisations/new").Want(200, "终身不变")
	for name, tt := range map[string]struct{ field, value, say string }{
		"no such day":         {"registered_on", "2021-02-30", "2021-02-30"},
		"a day to come":       {"registered_on", "2021-06-02", "还没有到"},
		"a mismatch":          {"code", "51220000MJ0000081T", "校验码应为"},
		"a company":           {"code", "91350100M000100Y43", "不是社会组织的代码"},
		"no name":             {"name", "　", "单位名称没有填写"},
		"a name of 81":        {"name", strings.Repeat("𠮷", 81), "最多80字"},
		"a control character": {"name", "吉林\x00省", "无法保存的字符"},
	} {
		if p := clerk.Post("/organisations/new", register(tt.field, tt.value)...).Want(422, tt.say); !strings.Contains(p.Body, `value="办公室电话"`) {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	saved := clerk.Post("/organisations/new", register()...).Want(303)
	path := saved.Location
	clerk.Follow(saved).Want(200, "已建档", "51220000MJ0000018T", "吉林省𠮷林行业协会", "正常登记", "社会团体", "未填写")
	clerk.Post("/organisations/new", register()...).Want(422, "已经建档")
	clerk.Get("/organisations?q=%F0%A0%AE%B7%E6%9E%97").Want(200, "吉林省𠮷林行业协会")
	clerk.Get("/organisations?q=nothing").Want(200, "没有符合条件的单位")

	// The operator sees who it is, and nothing that is known of it.
	if p := operator.Get(path).Want(200, "还没有人代表这个单位办理", "邀请经办人"); strings.Contains(p.Body, "负责人甲") {
		t.Error("the operator reads the name of the legal head")
	}
	operator.Get(path + "/facts/inspections").Want(403)
	operator.Get("/accounts/new?organisation=51220000MJ0000018T").Want(200, "吉林省𠮷林行业协会")
	operator.Post("/accounts/new", "login", "shenbao01", "name", "申报员", "role1", "applicant", "organisation1", "51220000MJ0000157H").Want(422, "没有找到代码为")
	operator.Post("/accounts/new", "login", "shenbao01", "name", "申报员", "role1", "applicant", "organisation1", "51220000 mj0000018t").Want(200, "邀请链接已生成")
	operator.Get(path).Want(200, "shenbao01")
	operator.Get("/accounts").Want(200, "申报单位经办人（吉林省𠮷林行业协会）")

	key := organisationAt(path)
	applicant := w.Browser(w.ApplicantOf(key))
	applicant.Get("/organisations").Want(200, "吉林省𠮷林行业协会", "年度检查", "工作台账")
	applicant.Get("/account").Want(200, "吉林省𠮷林行业协会")
	fillIn(t, applicant, path)
	prove(t, applicant, path)
	applicant.Get(path + "/confirm").Want(403)
	clerk.Get("/work").Want(200, "核实单位自报的信息（1个单位）")
	clerk.Get("/organisations?declared=1").Want(200, "吉林省𠮷林行业协会")
	clerk.Get(path+"/confirm").Want(200, "单位自报", "核实单位自报信息", "证明材料", "议事规则.pdf")
	clerk.Post(path+"/confirm", "version", "1").Want(409, "别人先改过了")
	clerk.Follow(clerk.Post(path+"/confirm").Want(303)).Want(200, "已核实")
	clerk.Get("/work").Want(200, "现在没有要办理的事项")
	applicant.Post(path+"/facts/grades", "grades.0.rank", "5", "grades.0.announced_on", "2019-12-01").Want(409, "办公室已经核实", "评估等级")
}

// prove brings what proves a part of it, and takes one away again.
func prove(t *testing.T, b *testkit.Browser, path string) {
	t.Helper()
	b.Get(path + "/facts/nonsense/files").Want(404)
	files := path + "/facts/regulations/files"
	rules := testkit.Offer{Name: "议事规则.pdf", Body: play.PDF("理事会议事规则")}
	b.Follow(b.Post(path+"/facts/regulations", "regulations.0.title", "议事规则", "regulations.0.adopted_on", "2018-01-01", "then", "files").Want(303)).Want(200, "规章制度已保存", "还没有文件", "遮住姓名")
	b.Upload(files).Want(422, "还没有选择文件")
	b.Upload(files, testkit.Offer{Name: "坏的.pdf", Body: []byte("不是PDF")}, rules).Want(422, "是纯文本", "议事规则.pdf")
	b.Upload(files, rules).Want(422, "已经在“规章制度”里")
	b.Upload(path+"/facts/nonsense/files", rules).Want(404)
	b.Upload(path+"/facts/ledgers/files", testkit.Offer{Name: "截图.pdf", Body: play.PDF("使用率")}).Want(303)
	p := b.Get(path+"/ledgers/2020").Want(200, "截图.pdf", "现有1个")
	_, which, _ := strings.Cut(p.Body, `href="/files/`)
	which, _, _ = strings.Cut(which, `"`)
	b.Post(files+"/remove", "file", which).Want(404)
	b.Follow(b.Post(path+"/facts/ledgers/files/remove", "file", which).Want(303)).Want(200, "证明材料已移除", "还没有文件")
	b.Get(path+"/facts/regulations").Want(200, "议事规则.pdf")
}

// fillIn fills in what is known of an organisation, wrongly and rightly.
func fillIn(t *testing.T, b *testkit.Browser, path string) {
	t.Helper()
	b.Get(path + "/facts/nonsense").Want(404)
	b.Get(path+"/facts/inspections").Want(200, "第1条")
	p := b.Post(path+"/facts/inspections", "inspections.rows", "1", "inspections.0.year", "２０１８", "inspections.0.conclusion", "passed", "more", "yes").Want(200, "第2条")
	if !strings.Contains(p.Body, `value="２０１８"`) || strings.Contains(p.Body, "错误：") {
		t.Error("one more row loses what was typed, or calls it wrong")
	}
	// The second row is blank, and the fault of the third leads to the third.
	p = b.Post(path+"/facts/inspections", "inspections.rows", "3", "inspections.0.year", "２０１８", "inspections.0.conclusion", "passed", "inspections.2.year", "2031", "inspections.2.conclusion", "passed").Want(422, "2031")
	if !strings.Contains(p.Body, `id="inspections-2-year-error"`) {
		t.Error("the fault does not stand at its row")
	}
	b.Post(path+"/facts/inspections", "inspections.0.year", "二〇一八", "inspections.0.conclusion", "passed").Want(422, "不是整数")
	b.Follow(b.Post(path+"/facts/inspections", "inspections.0.year", "2018", "inspections.0.conclusion", "passed", "inspections.1.year", "2019", "inspections.1.conclusion", "passed", "inspections.2.year", "2020", "inspections.2.conclusion", "passed").Want(303)).Want(200, "年度检查已保存", "3条", "待核实")
	b.Post(path+"/facts/inspections", "version", "1", "inspections.0.year", "2018").Want(409, "别人先改过了")
	b.Follow(b.Post(path+"/facts/grades", "grades.0.rank", "4", "grades.0.announced_on", "2019-12-01").Want(303)).Want(200, "评估等级已保存")
	b.Get(path).Want(200, "还没有说明是不是全部")
	b.Post(path+"/facts/penalties", "whole", "yes").Want(303)
	b.Post(path+"/facts/listings", "whole", "yes").Want(303)
	if p := b.Get(path + "/facts/listings"); !strings.Contains(p.Body, "checked") {
		t.Error("what was said of the lists is lost")
	}
	b.Post(path+"/facts/charter", "charter.0.wording", "坚持党的全面领导", "charter.0.clause", "第四条", "charter.0.approved_on", "2021-06-02").Want(422, "还没有到")
	b.Post(path+"/facts/charter", "charter.0.wording", "坚持党的全面领导", "charter.0.clause", "第四条", "charter.0.approved_on", "2019-06-02").Want(303)
	b.Post(path+"/facts/regulations", "regulations.0.title", "议事规则", "regulations.0.adopted_on", "2018-01-01").Want(303)
	b.Post(path+"/facts/metrics", "metrics.0.name", "收入", "metrics.0.unit", "万元", "metrics.0.year", "2020", "metrics.0.rank", "3", "metrics.0.of", "2", "metrics.0.among", "全省").Want(422, "大于总数")
	b.Post(path+"/facts/metrics", "metrics.0.name", "收入", "metrics.0.unit", "万元", "metrics.0.year", "2020", "metrics.0.value3", "388").Want(303)

	b.Get(path + "/ledgers/2022").Want(404)
	b.Get(path + "/ledgers/02020").Want(404)
	b.Get(path+"/ledgers/2020").Want(200, "只填数，不填任何人的姓名", "正式党员（人）")
	p = b.Post(path+"/ledgers/2020", "members", "-1", "dues_months", "13", "recruited", "1", "graduates", "2").Want(422, "有3处需要修改", "多于当年招聘")
	if !strings.Contains(p.Body, `id="dues_months-error"`) || !strings.Contains(p.Body, `value="13"`) {
		t.Error("the faults of a ledger do not stand at their figures")
	}
	for year := 2018; year <= 2020; year++ {
		b.Follow(b.Post(fmt.Sprintf("%s/ledgers/%d", path, year), "members", "11", "dues_months", "12", "trainings", "２", "charity", "3").Want(303)).Want(200, "年度工作台账已保存")
	}
	partyOf(t, b, path)
	b.Get(path+"/eligibility").Want(200, "资格自查", "吉林省社会组织党建创新示范基地")
	b.Get(path+"/eligibility/jilin-party-building-base").Want(200, "2018年7月10日至2021年7月10日", "2018、2019、2020年度", "符合", "4A")
	b.Get(path + "/eligibility/jilin-party-building-base/penalties").Want(403)
	b.Get(path + "/eligibility/none").Want(404)
}

func partyOf(t *testing.T, b *testkit.Browser, path string) {
	t.Helper()
	b.Get(path+"/eligibility/jilin-party-building-base").Want(200, "没有党组织的记录", "怎么办")
	b.Get(path+"/party/new").Want(200, "不填党员姓名")
	b.Post(path+"/party/new", "name", "支部委员会", "form", "branch", "founded_on", "2015-05-16", "members", "11", "elections.0.held_on", "2014-01-01").Want(422, "早于成立日期")
	p := b.Post(path+"/party/new", "name", "支部委员会", "form", "branch", "founded_on", "2015-05-16", "members", "11", "elections.rows", "2", "more", "yes").Want(200, "第3次")
	if !strings.Contains(p.Body, `value="支部委员会"`) {
		t.Error("one more row loses what was typed")
	}
	b.Follow(b.Post(path+"/party/new", "name", "支部委员会", "form", "branch", "founded_on", "2015-05-16", "members", "11", "elections.0.held_on", "2017-05-16", "elections.1.held_on", "2020-05-12").Want(303)).
		Want(200, "党组织情况已保存", "最近换届2020年5月12日，任期至2023年5月12日，未到期")
	b.Get(path + "/party/pty_0000000000000000").Want(404)
}

// TestOrganisationsArePrivate: an applicant sees its own organisation, and another
// one exactly like one that does not exist.
func TestOrganisationsArePrivate(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Programme()
	mine, other := w.Organisation(), w.Organisation()
	b := w.Browser(w.ApplicantOf(mine))
	b.Get("/organisations/"+string(mine)).Want(200, "已核实")
	unknown := b.Get("/organisations/org_0000000000000000").Want(404).Body
	for _, path := range []string{"", "/facts/grades", "/ledgers/2020", "/party/new", "/eligibility", "/eligibility/jilin-party-building-base"} {
		if got := b.Get("/organisations/" + string(other) + path).Want(404).Body; got != unknown {
			t.Errorf("%s of another organisation differs from nothing", path)
		}
	}
	b.Post("/organisations/" + string(other) + "/facts/grades").Want(404)
	w.Browser(stage.Anyone).Get("/organisations/" + string(mine)).Want(303)
	for _, r := range []stage.Role{stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Auditor} {
		b := w.Browser(w.Person(r.Word()+"09", r))
		b.Get("/organisations/"+string(mine)).Want(200, "办公室已核实", "党支部")
		b.Get("/organisations/" + string(mine) + "/facts/grades").Want(403)
		b.Get("/organisations/"+string(mine)+"/eligibility/jilin-party-building-base").Want(200, "全部符合")
	}
	w.Browser(w.Person("监票人09", stage.Scrutineer)).Get("/organisations").Want(403)
}

// TestChangesOfRegistrationAreChecked: rename and end show everything once more
// before they are done.
func TestChangesOfRegistrationAreChecked(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	a, b := "/organisations/"+string(w.Organisation()), w.Organisation()
	clerk := w.Browser(w.Office().Clerk)
	v, err := w.Desk.Organisation(t.Context(), w.Office().Clerk, b)
	if err != nil {
		t.Fatal(err)
	}
	clerk.Get(a+"/rename").Want(200, "变更名称")
	clerk.Post(a+"/rename", "name", "", "from", "2021-06-02").Want(422, "新名称没有填写", "还没有到")
	clerk.Post(a+"/rename", "name", "吉林省𠮷庆协会", "from", "2021-05-01").Want(200, "核对名称变更", "2021年5月1日 星期六")
	clerk.Get("/organisations?q=%F0%A0%AE%B7").Want(200, "没有符合条件的单位")
	clerk.Follow(clerk.Post(a+"/rename", "name", "吉林省𠮷庆协会", "from", "2021-05-01", "sure", "yes").Want(303)).Want(200, "名称已变更", "吉林省𠮷庆协会", "曾用名")
	clerk.Follow(clerk.Post(a+"/amend", "registrar", "吉林省民政厅", "registered_on", "2010-03-01", "legal_head", "负责人乙").Want(303)).Want(200, "负责人乙")
	clerk.Post(a+"/amend", "registrar", "", "registered_on", "2010-03-01").Want(422, "登记管理机关没有填写")

	clerk.Get(a+"/end").Want(200, "合并或者分立")
	clerk.Post(a+"/end").Want(422, "选择注销")
	clerk.Post(a+"/end", "act", "merge", "on", "2021-05-20", "successor", "51220000MJ0000157H").Want(422, "没有找到代码为")
	clerk.Post(a+"/end", "act", "merge", "on", "2021-05-20", "successor", v.Organisation.Code).Want(200, "核对登记变动", v.Organisation.Name(), "不能恢复")
	clerk.Get(a + "/ended").Want(404)
	clerk.Follow(clerk.Post(a+"/end", "act", "merge", "on", "2021-05-20", "successor", v.Organisation.Code, "sure", "yes").Want(303)).Want(200, "登记变动已记录", "已合并或者分立", "下一步")
	clerk.Post(a+"/facts/grades", "grades.0.rank", "4").Want(409)
	clerk.Get(a).Want(200, "并入", "年度检查")

	other := "/organisations/" + string(b)
	clerk.Post(other+"/end", "act", "strike_off", "on", "2021-05-20", "sure", "yes").Want(303)
	clerk.Get(other).Want(200, "登记已撤销或者吊销", "恢复登记")
	clerk.Get(other+"/restore").Want(200, "恢复为正常登记")
	clerk.Follow(clerk.Post(other+"/restore").Want(303)).Want(200, "登记已恢复", "正常登记")
	clerk.Get(other+"/code").Want(200, "补录")
	clerk.Post(other+"/code", "code", "51220000MJ0000157H").Want(409, "终身不变")
}

// TestTheOfficeRulesOnAPage: the ruling and the reason stand beside what was
// computed.
func TestTheOfficeRulesOnAPage(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Programme()
	key := w.Organisation()
	path := "/organisations/" + string(key)
	clerk, director := w.Browser(w.Office().Clerk), w.Browser(w.Office().Director)
	clerk.Post(path+"/facts/penalties", "penalties.0.kind", "warning", "penalties.0.authority", "吉林省民政厅", "penalties.0.decided_on", "2021-03-01", "whole", "yes").Want(303)
	page := path + "/eligibility/jilin-party-building-base"
	clerk.Get(page).Want(200, "2021年3月1日警告", "不符合", "红线条件", "另行认定")
	clerk.Get(page + "/nonsense").Want(404)
	clerk.Get(page+"/penalties").Want(200, "认定理由")
	clerk.Post(page+"/penalties", "seen", "fails", "verdict", "meets", "reason", "看过文书").Want(409, "由办公室负责人认定")
	director.Post(page+"/penalties", "seen", "fails", "verdict", "meets", "reason", "").Want(422, "认定理由没有填写")
	director.Post(page+"/penalties", "seen", "meets", "verdict", "meets", "reason", "看过文书").Want(409, "刚才变为")
	director.Follow(director.Post(page+"/penalties", "seen", "fails", "verdict", "meets", "reason", "看过撤销处罚的文书").Want(303)).Want(200, "认定已记录", "看过撤销处罚的文书", "系统算出“不符合”")
	w.Browser(w.ApplicantOf(key)).Get(page).Want(200, "全部符合", "看过撤销处罚的文书", "按方案第2版")
	director.Get(page+"/penalties").Want(200, "撤销认定", "恢复系统算出的“不符合”")
	director.Follow(director.Post(page+"/penalties", "seen", "meets", "verdict", "fails", "reason", "文书是另一家单位的").Want(303)).Want(200, "不符合")
	if p := w.Browser(w.ApplicantOf(key)).Get(page).Want(200, "2021年3月1日警告"); strings.Contains(p.Body, "看过撤销处罚的文书") {
		t.Error("what was taken back is still told")
	}
}

// TestAJointBranchByItsPages: the office says whom it covers.
func TestAJointBranchByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	a, b := w.Organisation(), w.Organisation()
	clerk := w.Browser(w.Office().Clerk)
	v, err := w.Desk.Organisation(t.Context(), w.Office().Clerk, a)
	if err != nil {
		t.Fatal(err)
	}
	other, err := w.Desk.Organisation(t.Context(), w.Office().Clerk, b)
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf("/organisations/%s/party/%s", a, v.Bodies[0].Body.ID)
	clerk.Get(body).Want(200, "再覆盖一个单位", "办公室已核实")
	clerk.Post(body+"/covers", "code", "nonsense").Want(422, "没有找到这个代码的单位")
	clerk.Post(body+"/uncover").Want(409, "至少要覆盖一个单位")
	clerk.Follow(clerk.Post(body+"/covers", "code", other.Organisation.Code).Want(303)).Want(200, "已添加覆盖单位", other.Organisation.Name())
	w.Browser(w.ApplicantOf(b)).Get("/organisations/"+string(b)).Want(200, v.Bodies[0].Body.Name)
	clerk.Follow(clerk.Post(body+"/uncover").Want(303)).Want(200, "已移出", "添加党组织")
}

func organisationAt(path string) id.Organisation {
	return id.Organisation(strings.TrimPrefix(path, "/organisations/"))
}

// TestAHolderIsSplitUp: the codes of all that it was split up into stand in one field; the
// pages of its title and of its plaque name each of them.
func TestAHolderIsSplitUp(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	title := w.Designation()
	office := w.Office().Clerk
	see := func(o id.Organisation) casework.OrganisationView {
		v, err := w.Desk.Organisation(t.Context(), office, o)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	d, err := w.Desk.Designation(t.Context(), office, title)
	if err != nil {
		t.Fatal(err)
	}
	first, second := see(w.Organisation()).Organisation, see(w.Organisation()).Organisation
	a, clerk := "/organisations/"+string(d.Designation.Organisation), w.Browser(office)
	today := calendar.DateOf(w.Now()).String()
	clerk.Post(a+"/end", "act", "merge", "on", today, "successor", first.Code+"、"+first.Code).Want(422, "不能重复")
	clerk.Post(a+"/end", "act", "merge", "on", today, "successor", first.Code+" "+second.Code).Want(200, "核对登记变动", first.Name()+"、"+second.Name())
	clerk.Follow(clerk.Post(a+"/end", "act", "merge", "on", today, "successor", first.Code+" "+second.Code, "sure", "yes").Want(303)).Want(200, "承继单位", first.Name()+"、"+second.Name(), "逐个单位审议")
	clerk.Get(a).Want(200, "分立为")
	clerk.Get("/work").Want(200, "持有单位已分立，2个单位没有审定")
	everybody := w.Browser(stage.Anyone)
	for _, page := range []string{"/designations/" + string(title), "/v/" + w.PlaqueOf(title).Code} {
		everybody.Get(page).Want(200, "分立后的承继单位", first.Name()+"，能否承继没有审定", second.Name()+"，能否承继没有审定")
	}
}
