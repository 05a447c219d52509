package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/internal/testkit/htmlcheck"
)

const goodPassword = "白桦树下 走过 二十里"

// joined adds an account that set its password, and returns its actor and login.
func joined(w *testkit.World, login string, grants ...casework.Grant) stage.Actor {
	w.Helper()
	key, err := w.Desk.AddAccount(w.Context(), testkit.TheOperator, casework.NewAccount{Login: login, Name: "账号" + login, Grants: grants, Password: goodPassword})
	if err != nil {
		w.Fatal(err)
	}
	a := casework.Account{ID: key}
	return a.Actor(grants[0])
}

func TestLogin(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	joined(w, "clerk", casework.Grant{Role: stage.Clerk}, casework.Grant{Role: stage.Auditor})
	b := w.Browser(stage.Anyone)
	b.SetCookie("session", "planted.1622509200.planted") // an attacker's, before the login
	p := b.Post("/login", "login", " ＣＬＥＲＫ ", "password", goodPassword, "next", "/account").Want(303)
	if p.Location != "/account" {
		t.Errorf("goes on to %q", p.Location)
	}
	session := b.Cookie("session")
	if strings.HasPrefix(session, "planted") {
		t.Error("the session before the login is the session after it")
	}
	b.Get("/account").Want(200, "账号clerk", "办公室经办人")
	b.Follow(b.Post("/account/role", "grant", "1")).Want(200, "现在以审计员办理", "审计员")
	if b.Cookie("session") == session {
		t.Error("the session's token is the same after a switch of role")
	}
	old := w.Browser(stage.Anyone)
	old.SetCookie("session", session)
	old.Get("/work").Want(303)
	session = b.Cookie("session")
	b.Follow(b.Post("/logout")).Want(200, "已退出登录")
	old.SetCookie("session", session)
	old.Get("/work").Want(303)
}

// TestLoginTellsNothing gives the same page for a login name that does not
// exist, a wrong password, an account that is locked, one that is disabled and
// one that has no password yet.
func TestLoginTellsNothing(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	for _, l := range []string{"wrong1", "locked", "gone11"} {
		joined(w, l, casework.Grant{Role: stage.Clerk})
	}
	if _, err := w.Desk.AddAccount(w.Context(), testkit.TheOperator, casework.NewAccount{Login: "nopass", Name: "新", Grants: []casework.Grant{{Role: stage.Clerk}}}); err != nil {
		t.Fatal(err)
	}
	gone, err := w.Desk.AccountByLogin(w.Context(), testkit.TheOperator, "gone11")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.DisableAccount(w.Context(), testkit.TheOperator, gone.ID); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, _, err := w.Desk.SignIn(w.Context(), "locked", "no", ""); err == nil {
			t.Fatal("a wrong password let somebody in")
		}
	}
	var bodies []string
	for _, login := range []string{"nobody", "wrong1", "locked", "gone11", "nopass"} {
		password := goodPassword
		if login == "wrong1" {
			password = "something else"
		}
		p := w.Browser(stage.Anyone).Post("/login", "login", login, "password", password).Want(422, "登录名或者密码不对")
		bodies = append(bodies, strings.ReplaceAll(p.Body, login, "LOGIN"))
		if strings.Contains(p.Body, password) {
			t.Error("the password comes back in the page")
		}
	}
	for _, b := range bodies[1:] {
		if b != bodies[0] {
			t.Errorf("the pages differ:\n%s\n%s", htmlcheck.Main(bodies[0]), htmlcheck.Main(b))
		}
	}
}

func TestExpiryKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	joined(w, "boss", casework.Grant{Role: stage.Operator})
	b := w.Browser(stage.Anyone)
	b.Post("/login", "login", "boss", "password", goodPassword).Want(303)
	w.At("2021-06-01 09:29:59")
	b.Get("/accounts/new").Want(200) // renews the time of the last request
	w.At("2021-06-01 09:59:58")
	b.Get("/accounts/new").Want(200)
	w.At("2021-06-01 10:29:58")
	p := b.Post("/accounts/new", "login", "late", "name", "𠮷工作人员\n<b>", "role1", "clerk", "password", "x").Want(401, "刚才填写的内容还在")
	forms, err := htmlcheck.Forms(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	in := formTo(t, forms, "/login")
	p = b.Post("/login", "login", "boss", "password", goodPassword, "next", in.Fields["next"][0], "kept", in.Fields["kept"][0]).Want(200, "还没有提交", "登录超时前填写的内容都在下面")
	forms, err = htmlcheck.Forms(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	again := formTo(t, forms, "/accounts/new")
	if got := fmt.Sprint(again.Fields["login"], again.Fields["name"], again.Fields["role1"]); got != "[late] [𠮷工作人员\n<b>] [clerk]" {
		t.Errorf("restored %s", got)
	}
	b.Post(again.Action, "login", "late", "name", "工作人员", "role1", "clerk").Want(200, "邀请链接已生成")
}

func grantOf(r stage.Role) casework.Grant { return casework.Grant{Role: r} }

func formTo(t *testing.T, forms []htmlcheck.Form, action string) htmlcheck.Form {
	t.Helper()
	for _, f := range forms {
		if f.Action == action {
			return f
		}
	}
	t.Fatalf("no form to %s in %v", action, forms)
	return htmlcheck.Form{}
}

// TestSessionsEnd: idle for half an hour, twelve hours in all, disabled, or the
// grant taken away.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do   func(*testkit.World, stage.Actor, *testkit.Browser)
		want int
	}{
		"29:59 idle": {func(w *testkit.World, _ stage.Actor, _ *testkit.Browser) { w.At("2021-06-01 09:29:59") }, 200},
		"30:00 idle": {func(w *testkit.World, _ stage.Actor, _ *testkit.Browser) { w.At("2021-06-01 09:30:00") }, 303},
		"twelve hours": {func(w *testkit.World, _ stage.Actor, b *testkit.Browser) {
			at := calendar.MustDate("2021-06-01").Start().Add(9 * time.Hour)
			for range 35 {
				at = at.Add(20 * time.Minute)
				w.At(at.In(calendar.Zone).Format("2006-01-02 15:04:05"))
				b.Get("/work").Want(200)
			}
			w.At("2021-06-01 21:00:00")
		}, 303},
		"disabled": {func(w *testkit.World, who stage.Actor, _ *testkit.Browser) {
			if err := w.Desk.DisableAccount(w.Context(), testkit.TheOperator, who.Account); err != nil {
				w.Fatal(err)
			}
		}, 303},
		"grant gone": {func(w *testkit.World, who stage.Actor, _ *testkit.Browser) {
			if err := w.Desk.GrantAccount(w.Context(), testkit.TheOperator, who.Account, []casework.Grant{{Role: stage.Auditor}}, 0); err != nil {
				w.Fatal(err)
			}
		}, 303},
		"a later time written into the cookie": {func(w *testkit.World, _ stage.Actor, b *testkit.Browser) {
			w.At("2021-06-01 09:40:00")
			parts := strings.Split(b.Cookie("session"), ".")
			b.SetCookie("session", fmt.Sprintf("%s.%d.%s", parts[0], calendar.MustDate("2021-06-01").Start().Add(9*time.Hour+39*time.Minute).Unix(), parts[2]))
		}, 303},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testkit.New(t)
			who := w.Person("经办人", stage.Clerk)
			b := w.Browser(who)
			tt.do(w, who, b)
			b.Get("/work").Want(tt.want)
		})
	}
}

func TestLockoutAndKnownBrowser(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	joined(w, "clerk", casework.Grant{Role: stage.Clerk})
	signIn := func(password, browser string) error {
		_, _, err := w.Desk.SignIn(w.Context(), "clerk", password, browser)
		return err
	}
	_, known, err := w.Desk.SignIn(w.Context(), "clerk", goodPassword, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		w.Refused(signIn("wrong", ""), "account.login.wrong")
	}
	w.Refused(signIn(goodPassword, ""), "account.login.wrong")
	if err := signIn(goodPassword, known); err != nil {
		t.Errorf("the owner's own browser is locked out by a stranger: %v", err)
	}
	w.At("2021-06-01 09:29:59")
	w.Refused(signIn(goodPassword, ""), "account.login.wrong")
	w.At("2021-06-01 09:30:00")
	if err := signIn(goodPassword, ""); err != nil {
		t.Errorf("half an hour later: %v", err)
	}
	for range 5 {
		w.Refused(signIn("wrong", known), "account.login.wrong")
	}
	w.Refused(signIn(goodPassword, known), "account.login.wrong")
	if err := signIn(goodPassword, ""); err != nil {
		t.Errorf("a known browser's failures lock the others: %v", err)
	}
}

func TestSlowDownByAddress(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	b := w.Browser(stage.Anyone)
	for i := range 20 {
		b.Post("/login", "login", fmt.Sprintf("nobody%d", i), "password", "x").Want(422)
	}
	p := b.Post("/login", "login", "nobody", "password", "x").Want(429, "请30秒后再试")
	if p.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	w.At("2021-06-01 09:00:30")
	b.Post("/login", "login", "nobody", "password", "x").Want(422)
	b.Post("/login", "login", "nobody", "password", "x").Want(429)
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	token, err := w.Desk.FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := w.Browser(stage.Anyone)
	b.Get("/invitations/"+token+"x").Want(404, "重新发一个")
	b.Get("/invitations/"+token).Want(200, "建立系统管理员账号")
	b.Post("/invitations/"+token, "login", "root1", "name", "系统管理员01", "password", "密码太短", "password2", "密码太短").Want(422, "至少10个字符")
	b.Post("/invitations/"+token, "login", "root1", "name", "系统管理员01", "password", goodPassword, "password2", "x").Want(422, "两次输入的密码不一样")
	b.Follow(b.Post("/invitations/"+token, "login", "root1", "name", "系统管理员01", "password", goodPassword, "password2", goodPassword)).Want(200, "密码已设置")
	b.Get("/invitations/" + token).Want(404)
	if _, err := w.Desk.FirstInvitation(t.Context()); err == nil {
		t.Error("a second administrator by a second first link")
	}
	b.Post("/login", "login", "root1", "password", goodPassword).Want(303)
	p := b.Post("/accounts/new", "login", "clerk", "name", "审核员02", "role1", "clerk").Want(200, "邀请链接已生成")
	at := strings.Index(p.Body, "/invitations/")
	link := p.Body[at : at+len("/invitations/")+32]
	w.At("2021-06-08 08:59:59")
	w.Browser(stage.Anyone).Get(link).Want(200, "审核员02")
	w.At("2021-06-08 09:00:00")
	w.Browser(stage.Anyone).Get(link).Want(404, "已过期")
}

func TestAccountsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	op := w.Browser(w.Person("系统管理员01", stage.Operator))
	who := w.Person("审核员02", stage.Clerk)
	one := "/accounts/" + string(who.Account)
	op.Get("/accounts").Want(200, "审核员02", "待开通")
	op.Get("/accounts?q=%25").Want(200, "没有符合条件的账号")
	op.Get("/accounts?role=clerk").Want(200, "审核员02")
	op.Get(one).Want(200, "办公室经办人")
	op.Post(one+"/grants", "version", "1").Want(422, "至少授予一个角色")
	op.Post(one+"/grants", "version", "1", "role1", "applicant", "programme1", "ＡＢＣ").Want(422, "要写明单位", "错误")
	op.Follow(op.Post(one+"/grants", "version", "1", "role1", "director", "programme1", "ＡＢＣ")).Want(200, "授权已保存")
	op.Post(one+"/grants", "version", "1", "role1", "member").Want(409, "别人先改过了", "现在保存的：办公室负责人（abc）")
	op.Follow(op.Post(one+"/disable")).Want(200, "账号已停用", "恢复使用")
	op.Post(one+"/disable").Want(409, "现在是“已停用”")
	op.Follow(op.Post(one+"/enable")).Want(200, "已恢复使用")
	auditor := w.Browser(w.Person("审计员01", stage.Auditor))
	auditor.Get("/accounts").Want(200, "审核员02")
	auditor.Post(one+"/disable").Want(403, "不对审计员开放")
}

// TestTheLogNamesNobody drives what is logged with what must not be: names to sign in
// with, passwords, the token of an invitation, what somebody looks for. An operator
// reads the log, and nobody's affairs are an operator's.
func TestTheLogNamesNobody(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	token, err := w.Desk.FirstInvitation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := w.Browser(stage.Anyone)
	typed := []string{token, goodPassword, "root1", "孟秋白", "nobody", "白桦林里的人"}
	b.Post("/invitations/"+token, "login", "root1", "name", "孟秋白", "password", goodPassword, "password2", goodPassword).Want(303)
	for range 25 {
		b.Post("/login", "login", "nobody", "password", goodPassword)
		b.Post("/invitations/"+token, "login", "root1", "name", "孟秋白", "password", goodPassword, "password2", goodPassword)
	}
	assessor := w.Browser(w.Person("贺兰山", stage.Assessor))
	assessor.Get("/organisations?q=白桦林里的人")
	assessor.Post("/rounds/new", "title", "白桦林里的人").Want(403)
	log := w.Logged()
	for _, want := range []string{"level=WARN msg=forbidden security=true", "path=/rounds/new", "msg=refused", "path=/login"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %q: %s", want, log)
		}
	}
	for _, secret := range append(typed, w.Server()) {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q: %s", secret, log)
		}
	}
}
