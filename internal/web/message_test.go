package web_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestMessages: an applicant reads that its application was accepted, and nobody else
// does; what is typed wrong stays typed.
func TestMessages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Accepted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	b := w.Browser(by)
	b.Get("/messages").Want(200, "申报已受理", "申报已收到", "消息 2")
	other := w.Browser(w.Person("审计员", stage.Auditor))
	other.Get("/messages").Want(200, "没有消息")
	b.Follow(b.Post("/messages/read")).Want(200, "2条消息已标为已读", "已读")
	b.Post("/account/mail", "address", "zhang", "mode", "each", "from", "21", "to", "8").Want(422, "不是电子邮箱地址")
	b.Follow(b.Post("/account/mail", "address", "zhang@example.org", "mode", "each", "from", "21", "to", "8")).Want(200, "还没有验证")
	b.Post("/account/mail/wrong").Want(409, "这个链接已经用过")
	w.Browser(w.Person("系统管理员", stage.Operator)).Get("/deliveries").Want(200, "验证邮箱", "等待发送")
}

// TestWebhooks: the director adds a program and a robot; the secret of the program is
// shown once, what was typed stays, and one that was removed is gone.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.OpenRound()
	b := w.Browser(w.Office().Director)
	b.Get("/webhooks").Want(200, "没有推送")
	b.Get("/webhooks/new").Want(200, "程序接口", "企业微信群机器人")
	p := string(w.Programme().Name)
	wrong := b.Post("/webhooks/new", "programme", p, "name", "汇总程序", "channel", "webhook", "url", "http://inside/", "kinds", "accepted").Want(422, "推送地址要以 https:// 开头")
	if !strings.Contains(wrong.Body, `value="汇总程序"`) || !strings.Contains(wrong.Body, `value="http://inside/"`) {
		t.Error("what was typed is gone")
	}
	made := b.Post("/webhooks/new", "programme", p, "name", "汇总程序", "channel", "webhook", "url", "https://hooks.example.org/a?token=secret", "kinds", "accepted", "kinds", "visit").Want(200, "只显示这一次", "shw_")
	key := regexp.MustCompile("/webhooks/hok_[a-z0-9]+").FindString(made.Body)
	page := b.Get(key).Want(200, "使用中", "申报已受理", "还没有推送过")
	if strings.Contains(page.Body, "shw_") || strings.Contains(page.Body, "token=secret") {
		t.Error("the page shows the secret again")
	}
	b.Follow(b.Post(key+"/test")).Want(200, "试发", "等待发送")
	b.Get(key+"/rotate").Want(200, "旧的立即失效")
	_, first, _ := strings.Cut(made.Body, "shw_")
	if again := b.Post(key+"/rotate").Want(200, "密钥已更换", "只显示这一次", "shw_"); strings.Contains(again.Body, first[:20]) {
		t.Error("the new secret is the old one")
	}
	b.Get(key).Want(200, "加密保存，不再显示")
	w.Browser(w.Office().Clerk).Post(key + "/rotate").Want(403)
	b.Get(key+"/stop").Want(200, "停用后不再向它推送")
	b.Follow(b.Post(key+"/stop")).Want(200, "已停用")
	b.Post(key + "/test").Want(409)
	b.Follow(b.Post(key+"/start")).Want(200, "使用中")
	w.Browser(w.Office().Clerk).Get(key).Want(403)
	b.Get("/webhooks").Want(200, "汇总程序", "2种")
	b.Get(key+"/remove").Want(200, "地址和密钥一并删去")
	b.Follow(b.Post(key+"/remove")).Want(200, "已移除", "没有推送")
	b.Get(key).Want(404)
	b.Get("/deliveries").Want(200, "已移除的推送")
}

// TestCircular: the office writes to the applicants of a round, sees who gets it, and sees
// them again, with what it wrote, when they changed meanwhile.
func TestCircular(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	at := "/rounds/" + string(round) + "/circular"
	b := w.Browser(w.Office().Clerk)
	b.Get(at).Want(200, "还没有能收到消息的申报单位")
	first := w.Submitted(round)
	b.Get(at).Want(200, "现在有1人")
	b.Post(at+"/preview", "subject", "", "text", "请于周五前补寄纸质材料。").Want(422, "标题写1至60字", "请于周五前补寄纸质材料。")
	p := b.Post(at+"/preview", "subject", "补寄材料", "text", "请于周五前补寄纸质材料。").Want(200, "发给1人", w.ApplicationOf(first).Name)
	seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(p.Body)
	b.Post(at+"/preview", "subject", "补寄材料", "text", "请于周五前补寄纸质材料。", "again", "yes").Want(200, "下一步", "请于周五前补寄纸质材料。")
	w.Submitted(round)
	p = b.Post(at, "subject", "补寄材料", "text", "请于周五前补寄纸质材料。", "seen", seen[1]).Want(409, "核对以后收件人变了", "请于周五前补寄纸质材料。", "发给2人")
	seen = regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(p.Body)
	b.Follow(b.Post(at, "subject", "补寄材料", "text", "请于周五前补寄纸质材料。", "seen", seen[1])).Want(200, "通知已发给2人")
	w.Browser(w.ApplicantOf(w.ApplicationOf(first).Organisation)).Get("/messages").Want(200, "补寄材料", "请于周五前补寄纸质材料。")
}

// TestCalendarFeed: a person makes the address of a calendar, which needs no login, and
// ends it.
func TestCalendarFeed(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	b := w.Browser(w.ApplicantOf(w.ApplicationOf(key).Organisation))
	p := b.Post("/account/calendars").Want(200, "地址只显示这一次")
	at := html.UnescapeString(regexp.MustCompile(`/calendar/shc_[^<"]+[.]ics`).FindString(p.Body))
	anyone := w.Browser(stage.Anyone)
	feed := anyone.Get(at)
	if feed.Status != 200 || !strings.HasPrefix(feed.Header.Get("Content-Type"), "text/calendar") || !strings.Contains(feed.Body, "DTSTART;VALUE=DATE:20210710") || strings.Contains(feed.Body, w.ApplicationOf(key).Name) {
		t.Errorf("%d %s", feed.Status, feed.Body)
	}
	anyone.Get(strings.TrimSuffix(at, ".ics")).Want(404)
	end := regexp.MustCompile("/account/calendars/fed_[a-z0-9]+/end").FindString(b.Get("/account/mail").Want(200, "的日历").Body)
	b.Get(end).Want(200, "立即失效")
	b.Follow(b.Post(end)).Want(200, "日历订阅已停止")
	anyone.Get(at).Want(404)
}
