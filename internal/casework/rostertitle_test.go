package casework_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/sheet"
	"shifan/internal/testkit"
	"shifan/programmes"
)

const formerHead = "信用代码,单位名称,命名时名称,基地编号,命名文号,命名日期,有效期至,登记管理机关,成立登记日期\n"

func formerTitles(rows ...string) casework.RosterFile {
	return casework.RosterFile{List: "designations", Name: "往年名单.csv", Content: []byte(formerHead + strings.Join(rows, "\n") + "\n")}
}

// TestFormerTitles: an office brings in its history; what is wrong is told by row and
// column, and nothing of the file is done; the same file again changes nothing.
func TestFormerTitles(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Signing()
	w.Programme()
	w.At("2021-06-21")
	imported(t, w, csvRoster("51220000MJ0000018T,吉林省甲协会,,,2010-03-01,吉林省民政厅,,,,"), false)
	good := []string{
		"51220000MJ0000018T,吉林省甲协会,吉林省甲促进会,第1号,吉社联党发〔2020〕3号,2020年2月29日,,,",
		"52220000MJ0000026J,吉林省乙中心,,第2号,吉社联党发〔2017〕3号,2017-09-15,,吉林省民政厅,2011-03-01",
		"52220000MJ0000026J,吉林省乙中心,,第3号,吉社联党发〔2020〕9号,2020-09-16,2023-12-31,吉林省民政厅,2011-03-01",
	}
	bad := formerTitles(append(good,
		"51220000MJ0000018T,吉林省丙协会,,第4号,吉社联党发〔2020〕3号,2016-02-29,,,",
		"53220000MJ0000034F,吉林省丁基金会,,第5号,吉社联党发〔2020〕3号,2020-02-29,,,",
		"51220000MJ0000018T,吉林省甲协会,,第1号,吉社联党发〔2016〕3号,2016-02-29,,,",
		"51220000MJ0000018T,吉林省甲协会,,第6号,吉社联党发〔2021〕3号,2021-02-29,,,",
		"51220000MJ0000018T,吉林省甲协会,,第7号,,2021-03-01,,,",
		"51220000MJ0000018T,吉林省甲协会,,第8号,吉社联党发〔2021〕3号,2021-03-01,,,",
	)...)
	p, err := w.Desk.ImportRoster(t.Context(), w.Office().Clerk, bad, false, false)
	w.Refused(err, "roster.apply.wrong")
	for n, want := range []string{"2 added", "3 added", "4 added", "5 wrong 51220000MJ0000018T: 单位名称：这个代码的单位是“吉林省甲协会”", "6 wrong", "7 wrong 51220000MJ0000018T: 编号：和第2行的编号相同", "8 wrong 51220000MJ0000018T: 命名日期：“2021-02-29”", "9 wrong 51220000MJ0000018T: 命名文号", "10 wrong 51220000MJ0000018T: 有效期至：这个单位现在持有编号第1号的称号"} {
		if got := said(p)[n]; !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if all, err := w.Desk.Designations(t.Context(), stage.Anyone, casework.DesignationFilter{Limit: 10}); err != nil || len(all) != 0 {
		t.Errorf("%d titles came in, %v", len(all), err)
	}

	key, err := w.Desk.UploadRoster(t.Context(), w.Office().Clerk, formerTitles(good...))
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.Desk.Roster(t.Context(), w.Office().Clerk, key)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"2 added 51220000MJ0000018T: 编号第1号，有效期至2023年2月28日，有效",
		"3 added 52220000MJ0000026J: 一并建档；编号第2号，有效期至2020年9月15日，已到期",
		"4 added 52220000MJ0000026J: 编号第3号，有效期至2023年12月31日，有效",
	}, said(v.Plan)); diff != "" {
		t.Error(diff)
	}
	if err := w.Desk.ApplyRoster(t.Context(), w.Office().Clerk, key, v.Roster.Version, v.Plan.Tally, false); err != nil {
		t.Fatal(err)
	}
	again, err := w.Desk.ImportRoster(t.Context(), w.Office().Clerk, formerTitles(good...), false, false)
	if err != nil || again.Tally.Same != 3 {
		t.Errorf("the same file again: %v %v", said(again), err)
	}
	titlesFollow(t, w)
}

// titlesFollow: what came in is public with its document, has its line in the record, and
// is rechecked, withdrawn and expires as any other.
func titlesFollow(t *testing.T, w *testkit.World) {
	t.Helper()
	all, err := w.Desk.Designations(t.Context(), stage.Anyone, casework.DesignationFilter{Limit: 10})
	if err != nil || len(all) != 3 {
		t.Fatal(len(all), err)
	}
	by := map[string]casework.DesignationView{}
	for _, v := range all {
		by[v.Designation.Number] = v
	}
	first := by["第1号"]
	if first.DocNumber() != "吉社联党发〔2020〕3号" || first.Designation.Name != "吉林省甲促进会" || first.Present != "吉林省甲协会" || by["第2号"].Designation.State != designation.Expired {
		t.Errorf("%+v", first)
	}
	if diff := cmp.Diff([]string{"designation.import →valid clerk", "designation.expire valid→expired clock"}, w.Record(string(by["第2号"].Designation.ID))); diff != "" {
		t.Error(diff)
	}
	whole, err := w.Desk.Designation(t.Context(), stage.Anyone, first.Designation.ID)
	if err != nil || len(whole.Timeline) != 1 || whole.Timeline[0].Note != "吉社联党发〔2020〕3号" {
		t.Errorf("%+v %v", whole.Timeline, err)
	}
	credentials, _, _, err := w.Desk.EveryCredential(t.Context())
	if err != nil || len(credentials) != 2 {
		t.Errorf("%d credentials, %v", len(credentials), err)
	}
	for _, c := range credentials {
		if bytes.Contains(c.Text, []byte("自评申报")) || !bytes.Contains(c.Text, []byte("吉社联党发〔2020〕")) {
			t.Errorf("a credential says what nobody knows: %s", c.Text)
		}
	}
	w.At("2022-12-31")
	due, _, err := w.Desk.Rechecks(t.Context(), w.Office().Clerk, casework.RecheckFilter{})
	if err != nil || len(due) == 0 || due[0].Recheck.State != recheck.Due {
		t.Errorf("%d rechecks, %v", len(due), err)
	}
	w.At("2023-03-01")
	if v, err := w.Desk.Designation(t.Context(), stage.Anyone, first.Designation.ID); err != nil || v.Designation.State != designation.Expired || v.Designation.EndedOn != calendar.MustDate("2023-02-28") {
		t.Errorf("%+v %v", v.Designation, err)
	}
}

// TestFormerTitlesAsXLSX: the template's own heads are read, and of several programmes a
// row says which.
func TestFormerTitlesAsXLSX(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	first := w.Programme()
	text, ok := programmes.Text("farmers-cooperative-demonstration")
	if !ok {
		t.Fatal("it is not shipped")
	}
	w.LoadProgramme(string(text))
	w.At("2021-06-21")
	cells := func(programme string) []string {
		return []string{"51220000MJ0000018T", "吉林省甲协会", "", "2020-001", "吉社联党发〔2020〕3号", "2020-02-29", "", "", "", programme, "2010-03-01", "吉林省民政厅"}
	}
	for programme, want := range map[string]string{"": "2 wrong 51220000MJ0000018T: 方案：有2个方案", "别的": "2 wrong 51220000MJ0000018T: 方案：没有叫“别的”的方案", first.Base: "2 added"} {
		var b bytes.Buffer
		if err := sheet.WriteXLSX(&b, "名单", roster.Designations.Labels(), func(yield func([]string, error) bool) { yield(cells(programme), nil) }); err != nil {
			t.Fatal(err)
		}
		p, err := w.Desk.ImportRoster(t.Context(), w.Office().Clerk, casework.RosterFile{List: "designations", Name: "名单.xlsx", Content: b.Bytes()}, true, true)
		if err != nil || len(p.Rows) != 1 || !strings.HasPrefix(said(p)[0], want) {
			t.Errorf("%s: %v %v", programme, said(p), err)
		}
	}
}
