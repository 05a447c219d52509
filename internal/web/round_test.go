package web_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/programmes"
)

// call is the form of a round as a clerk fills it in.
func call(change ...string) []string {
	form := []string{
		"programme", "jilin-party-building-base", "year", "２０２１", "special", "no", "title", "关于开展创建活动的通知", "doc_number", "吉社联党发〔2021〕4号",
		"addressees", "省本级各社会组织党委（党总支、党支部）", "dated_on", "2021年6月4日", "deadline_date", "2021-07-10", "deadline_time", "24：00",
		"rest_day", "", "quota.", "10", "contact", "联合党委办公室，工作日8:30至17:30",
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

func TestARoundByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Programme()
	office, visitor := w.Office(), w.Browser(stage.Anyone)
	w.At("2021-06-21 15:40:00")
	clerk, director := w.Browser(office.Clerk), w.Browser(office.Director)

	visitor.Get("/calls").Want(200, "现在没有正在申报的项目")
	clerk.Get("/rounds").Want(200, "起草新的一届")
	if p := clerk.Get("/rounds/new").Want(200); !strings.Contains(p.Body, `value="2021-07-10"`) || !strings.Contains(p.Body, `value="24:00"`) {
		t.Error("the form does not propose the programme's deadline")
	}
	director.Get("/rounds/new").Want(403)
	if p := clerk.Post("/rounds/new", call("dated_on", "2021-02-30")...).Want(422, "2021-02-30"); !strings.Contains(p.Body, `value="吉社联党发〔2021〕4号"`) {
		t.Error("what was typed is lost")
	}
	clerk.Post("/rounds/new", call("title", strings.Repeat("𠮷", 121))...).Want(422, "121字，最多120字")

	saved := clerk.Post("/rounds/new", call()...).Want(303)
	path := saved.Location
	clerk.Follow(saved).Want(200, "已保存", "2021年7月10日 星期六", "未填写", "2021年7月12日 星期一")
	clerk.Get(path + "/publish").Want(403)
	clerk.Get(path+"/receipts").Want(200, "通知还没有发布")
	director.Get(path+"/publish").Want(200, "19天", "休息日")
	director.Post(path+"/publish").Want(409, "请选定")
	visitor.Get(strings.Replace(path, "/rounds/", "/calls/", 1)).Want(404)

	edit := append(call("rest_day", "strict"), "version", "1")
	clerk.Follow(clerk.Post(path+"/edit", edit...).Want(303)).Want(200, "不顺延")
	clerk.Post(path+"/edit", edit...).Want(409, "别人先改过了")
	director.Post(path+"/publish").Want(409, "还有提醒没有确认")
	w.At("2021-06-21 15:56:00")
	director.Follow(director.Post(path+"/publish", "acknowledged", "filing_days").Want(303)).Want(200, "通知已发布", "2021年6月21日 星期一 15:56:00", "2021年7月10日 星期六 24:00")
	clerk.Get(path+"/receipts").Want(200, "通知对象", "没有符合条件的单位")
	clerk.Get(path + "/edit").Want(200)
	clerk.Post(path+"/edit", edit...).Want(409)

	public := strings.Replace(path, "/rounds/", "/calls/", 1)
	visitor.Get("/calls").Want(200, "可以申报", "还剩14个工作日")
	visitor.Get(public).Want(200, "关于开展创建活动的通知", "吉社联党发〔2021〕4号", "逾期申报的视为放弃", "不收取任何费用", "合计不超过10家", "抗击新冠疫情", "2021年6月4日", "不顺延")

	w.At("2021-07-10 21:00:00") // the sessions of June have ended
	director = w.Browser(office.Director)
	visitor.Get(public).Want(200, "24:00截止")
	director.Get(path+"/extend").Want(200, "全体申报单位")
	director.Post(path+"/extend", "date", "2021-07-12", "deadline_time", "24:00", "reason", "").Want(422, "顺延理由")
	director.Post(path+"/extend", "date", "", "deadline_time", "24:00", "reason", "x").Want(422, "新的截止日期")
	director.Follow(director.Post(path+"/extend", "date", "2021-07-12", "deadline_time", "17:30", "reason", "7月10日20时至22时系统故障").Want(303)).Want(200, "顺延已公布")
	visitor.Get(public).Want(200, "2021年7月12日 星期一 17:30", "系统故障")
	w.At("2021-07-12 17:30:00")
	director = w.Browser(office.Director)
	visitor.Get(public).Want(200, "申报截止")
	director.Post(path+"/extend", "date", "2021-07-13", "deadline_time", "24:00", "reason", "x").Want(409)
	visitor.Get("/calls").Want(200, "往年通知")
}

func TestCancelADraftByItsPage(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	path := "/rounds/" + string(w.DraftedRound())
	clerk := w.Browser(w.Office().Clerk)
	clerk.Get(path+"/cancel").Want(200, "取消这一届")
	clerk.Post(path+"/cancel", "reason", "").Want(422, "理由")
	clerk.Follow(clerk.Post(path+"/cancel", "reason", "改由下半年开展").Want(303)).Want(200, "已取消")
	w.Browser(w.Office().Director).Get("/work").Want(200, "没有要办理")
}

// TestARefusalCitesTheProgramme: a clause of the notice of 2021 is told to nobody who
// works in another programme.
func TestARefusalCitesTheProgramme(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	text, _ := programmes.Text("farmers-cooperative-demonstration")
	name := string(w.LoadProgramme(string(text)))
	w.Programme()
	clerk, director := w.Browser(w.Office().Clerk), w.Browser(w.Office().Director)
	for programme, basis := range map[string]string{name: "依据：评定办法 申报", "jilin-party-building-base": "依据：办法(一)"} {
		form := call("programme", programme, "rest_day", "strict", "contact", "")
		if programme == name {
			form = append(form, "quota.group", "1", "quota.service", "1")
		}
		path := clerk.Post("/rounds/new", form...).Want(303).Location
		director.Post(path+"/publish").Want(409, "还没有填写", basis)
	}
}
