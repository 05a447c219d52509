package casework_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

func factList(list, text string) casework.RosterFile {
	return casework.RosterFile{List: list, Name: list + ".csv", Content: []byte(text), AsOf: calendar.MustDate("2021-05-20"), Title: "2021年公告"}
}

// TestListsOfFacts: what an authority decided comes in with the list's day and name,
// confirmed, over what was declared; and the same list again changes nothing.
func TestListsOfFacts(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	imported(t, w, csvRoster("51220000MJ0000018T,吉林省甲协会,,,2010-03-01,吉林省民政厅,,,,"), false)
	all, err := w.Desk.Organisations(t.Context(), w.Office().Clerk, casework.OrganisationFilter{})
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	key := all[0].ID
	applicant := w.ApplicantOf(key)
	if err := w.Desk.EditFacts(t.Context(), applicant, key, 0, fact.Facts{
		Inspections: []fact.Inspection{{Year: 2018, Conclusion: fact.Passed}, {Year: 2019, Conclusion: fact.Passed}, {Year: 2017, Conclusion: fact.Passed}},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.AddParty(t.Context(), applicant, key, party.Body{Name: "中共吉林省甲协会支部委员会", Form: party.Branch, FoundedOn: calendar.MustDate("2012-01-01"), Members: 5}); err != nil {
		t.Fatal(err)
	}
	head := "统一社会信用代码,单位名称,"
	for _, tt := range []struct{ list, text, want string }{
		{
			"inspections", head + "年检年度,年检结论\n51220000MJ0000018T,吉林省甲协会,2018,合格\n51220000MJ0000018T,,２０１９年,基本合格\n51220000MJ0000018T,,2020,不适用（当年新登记）\n",
			"2 changed|3 changed|4 added",
		},
		{"grades", head + "评估等级,公告日期\n51220000MJ0000018T,,AAA级,二〇二〇年一月五日\n", "2 added"},
		{"penalties", head + "处罚种类,处罚机关,文号,决定日期,撤销日期\n51220000MJ0000018T,,警告,吉林省民政厅,吉民罚〔2020〕1号,2020/3/1,\n", "2 added"},
		{"penalties", head + "处罚种类,处罚机关,文号,决定日期,撤销日期\n51220000MJ0000018T,,警告,吉林省民政厅,吉民罚〔2020〕1号,2020/3/1,2020-09-01\n", "2 changed"},
		{"listings", head + "名录,列入日期,移出日期,原因\n51220000MJ0000018T,,活动异常名录,2019-01-01,2019-06-01,未报年报\n", "2 added"},
		{"elections", head + "换届日期,延期,批准文号\n51220000MJ0000018T,,2019-04-01,,\n51220000MJ0000018T,,2016-03-01,6个月,吉社党〔2016〕2号\n", "2 added|3 added"},
	} {
		w.Jump(w.Now().Add(time.Minute))
		for _, again := range []bool{false, true} {
			want := tt.want
			if again {
				want = strings.NewReplacer("added", "same", "changed", "same").Replace(want)
			}
			p, err := w.Desk.ImportRoster(t.Context(), w.Office().Clerk, factList(tt.list, tt.text), false, again)
			var got []string
			for _, o := range p.Rows {
				got = append(got, strings.Fields(strings.Join(said(casework.RosterPlan{Rows: []roster.Outcome{o}}), ""))[0]+" "+o.Result)
			}
			if strings.Join(got, "|") != want || err != nil {
				t.Errorf("%s, again %v: got %v %v, want %s", tt.list, again, said(p), err, want)
			}
		}
	}
	v, err := w.Desk.Organisation(t.Context(), applicant, key)
	if err != nil {
		t.Fatal(err)
	}
	f, src := v.Organisation.Facts, fact.Source{Confirmed: true, By: w.Office().Clerk.Account, On: calendar.MustDate("2021-05-20"), Of: "2021年公告"}
	if diff := cmp.Diff([]fact.Inspection{
		{Year: 2018, Conclusion: fact.Passed, Source: src},
		{Year: 2019, Conclusion: fact.PassedBarely, Source: src},
		{Year: 2017, Conclusion: fact.Passed, Source: f.Inspections[2].Source},
		{Year: 2020, Conclusion: fact.NewlyFounded, Source: src},
	}, f.Inspections); diff != "" || f.Inspections[2].Source.Confirmed {
		t.Error(diff)
	}
	if len(f.Grades) != 1 || f.Grades[0].Rank != 3 || len(f.Penalties) != 1 || f.Penalties[0].QuashedOn.IsZero() || len(f.Listings) != 1 {
		t.Errorf("got %+v", f)
	}
	if e := v.Bodies[0].Body.Elections; len(e) != 2 || e[0].PostponedBy != 6 || v.Bodies[0].Body.Source.Confirmed {
		t.Errorf("the list confirms an election, and not what else is known of the body: %+v", v.Bodies[0].Body)
	}
	w.Refused(w.Desk.EditFacts(t.Context(), applicant, key, 0, fact.Facts{}), "organisation.edit.confirmed")

	changes, err := w.Desk.FactChanges(t.Context(), applicant, key)
	if err != nil || len(changes) != 6 || changes[0].Section != "listings" || changes[5].Office || len(changes[5].Was.Inspections) != 0 || len(changes[1].Was.Penalties) != 1 {
		t.Errorf("the history: %+v, %v", changes, err)
	}
	_, err = w.Desk.FactChanges(t.Context(), stage.Actor{Account: "acc_x", Role: stage.Applicant, Organisation: "org_x"}, key)
	w.Refused(err, "thing.not_found")
}

func TestBadRowsOfFacts(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	imported(t, w, csvRoster("51220000MJ0000018T,吉林省甲协会,,,2010-03-01,吉林省民政厅,,,,"), false)
	for _, tt := range []struct{ list, head, row, want string }{
		{"inspections", "年度,结论", "52220000MJ0000026J,,2020,合格", "统一社会信用代码：没有代码为52220000MJ0000026J的单位"},
		{"inspections", "年度,结论", "51220000MJ0000018T,吉林省乙会,2020,合格", "单位名称：这个代码的单位是“吉林省甲协会”"},
		{"inspections", "年度,结论", "51220000MJ0000018T,,二十,合格", "年度：年检的年度“20”不对"},
		{"inspections", "年度,结论", "51220000MJ0000018T,,2020,通过", "结论：“通过”不在可填的范围内。可以填：合格、基本合格"},
		{"inspections", "年度,结论", "51220000MJ0000018T,,2020,不适用", "结论：“不适用”不在可填的范围内"},
		{"inspections", "年度,结论", "51220000MJ0000018T,,2099,合格", "年度：年检的年度“2099”不对"},
		{"grades", "等级,公告日期", "51220000MJ0000018T,,6A,2020-01-01", "等级：“6A”不是评估等级"},
		{"grades", "等级,公告日期", "51220000MJ0000018T,,3A,", "公告日期：等级公告日期没有填写"},
		{"penalties", "种类,处罚机关,决定日期,撤销日期", "51220000MJ0000018T,,罚款,厅,2020-01-02,2020-01-01", "撤销日期：处罚撤销日期早于决定日期"},
		{"listings", "名录,列入日期", "51220000MJ0000018T,,黑名单,2020-01-01", "名录：“黑名单”不在可填的范围内"},
		{"elections", "换届日期", "51220000MJ0000018T,,2020-01-01", "党组织名称：这个单位没有叫“”的党组织"},
	} {
		p, err := w.Desk.ImportRoster(t.Context(), w.Office().Clerk, factList(tt.list, "代码,单位名称,"+tt.head+"\n"+tt.row+"\n"), false, true)
		if err != nil || len(p.Rows) != 1 || !strings.Contains(p.Rows[0].Say(), tt.want) {
			t.Errorf("%s %s:\n got %v, %v\nwant %s", tt.list, tt.row, said(p), err, tt.want)
		}
	}
	f := factList("inspections", "代码,年度,结论\n51220000MJ0000018T,2020,合格\n")
	f.AsOf = calendar.Date{}
	_, err := w.Desk.ImportRoster(t.Context(), w.Office().Clerk, f, false, true)
	if fault.CodeOf(err) != "fact.date.missing" {
		t.Errorf("a list without a day: %v", err)
	}
	f.List = "nothing"
	_, err = w.Desk.ImportRoster(t.Context(), w.Office().Clerk, f, false, true)
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("an unknown list: %v", err)
	}
}

// TestPersonalNumbersStayOut: a roster with somebody's mobile number is wrong there.
func TestPersonalNumbersStayOut(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	f := casework.RosterFile{List: "organisations", Content: []byte("代码,名称,成立日期,登记机关,电话\n51220000MJ0000018T,吉林省甲协会,2010-03-01,厅,138-0000-0000\n")}
	p, err := w.Desk.ImportRoster(t.Context(), w.Office().Clerk, f, false, true)
	if err != nil || p.Tally.Wrong != 1 || !strings.Contains(p.Rows[0].Say(), "联系电话：疑似手机号码“138****0000”") {
		t.Errorf("got %v, %v", said(p), err)
	}
}

// TestOtherRegisters: a cooperative is entered once a programme is about cooperatives.
func TestOtherRegisters(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	f := csvRoster(checked("93220100MA0000010") + ",长春市甲合作社,,合作社,2010-03-01,市场监督管理局,,,,")
	p, err := w.Desk.ImportRoster(t.Context(), w.Office().Clerk, f, false, true)
	if err != nil || p.Tally.Wrong != 1 || !strings.Contains(p.Rows[0].Say(), "也没有方案接受这一类单位申报") {
		t.Fatalf("got %v, %v", said(p), err)
	}
	text, err := os.ReadFile("../../programmes/farmers-cooperative-demonstration/programme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	w.LoadProgramme(string(text))
	if got := imported(t, w, f, false); !strings.Contains(got[0], "added") {
		t.Errorf("got %v", got)
	}
}

func TestLedgers(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Organisation()
	applicant := w.ApplicantOf(key)
	v, err := w.Desk.LedgerFor(t.Context(), applicant, key, 2020)
	if err != nil || !v.There || !v.Compared || v.Ledger.Members == 0 {
		t.Fatalf("got %+v, %v", v, err)
	}
	if v, err := w.Desk.LedgerFor(t.Context(), applicant, key, 2010); err != nil || v.There {
		t.Errorf("a year without a ledger: %+v, %v", v, err)
	}
	for _, by := range []stage.Actor{w.ApplicantOf(w.Organisation()), w.Person("系统管理员", stage.Operator), stage.Anyone} {
		_, err := w.Desk.LedgerFor(t.Context(), by, key, 2020)
		w.Refused(err, "thing.not_found")
	}
	_, err = w.Desk.LedgerFor(t.Context(), applicant, key, 2022)
	w.Refused(err, "thing.not_found")

	// The template is read back as it was.
	var b bytes.Buffer
	if err := w.Desk.WriteLedger(&b, v); err != nil {
		t.Fatal(err)
	}
	values, unread, err := w.Desk.ReadLedger(b.Bytes())
	if err != nil || len(values) != len(fact.Figures) || len(unread) != 0 || values["members"] != "11" {
		t.Errorf("got %v, %v, %v", values, unread, err)
	}
	rows, err := w.Desk.Ledgers(t.Context(), w.Office().Clerk, 2020, casework.OrganisationFilter{})
	if err != nil || len(rows) != 2 || !rows[0].There {
		t.Errorf("got %+v, %v", rows, err)
	}
	if rows, err := w.Desk.Ledgers(t.Context(), applicant, 2020, casework.OrganisationFilter{}); err != nil || len(rows) != 1 {
		t.Errorf("an applicant sees %d, %v", len(rows), err)
	}
}
