package casework_test

import (
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

func TestAccountsWith(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	all := w.Person("甲", stage.Member)
	here := w.PersonWith("乙", casework.Grant{Role: stage.Clerk, Programme: "here"}, casework.Grant{Role: stage.Member, Programme: "here"})
	w.PersonWith("丙", casework.Grant{Role: stage.Member, Programme: "there"})
	w.Person("丁", stage.Chair)
	err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.AccountsWith(stage.Member, "here")
		if err != nil {
			return err
		}
		if len(got) != 2 {
			t.Errorf("got %d members, want 2: %v", len(got), got)
		}
		for _, a := range got {
			if a.ID != all.Account && a.ID != here.Account {
				t.Errorf("%s is no member here", a.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAddAccountRefuses(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	good := casework.NewAccount{Login: "li.clerk", Name: "审核员02", Grants: []casework.Grant{{Role: stage.Clerk}}}
	if _, err := w.Desk.AddAccount(t.Context(), testkit.TheOperator, good); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		by   stage.Actor
		with func(*casework.NewAccount)
		code string
	}{
		"not an operator":    {stage.Actor{Role: stage.Director}, func(*casework.NewAccount) {}, "thing.not_found"},
		"login taken":        {testkit.TheOperator, func(n *casework.NewAccount) { n.Login = " ＬＩ.Clerk " }, "account.add.taken"},
		"login too short":    {testkit.TheOperator, func(n *casework.NewAccount) { n.Login = "a" }, "account.add.login"},
		"login with NUL":     {testkit.TheOperator, func(n *casework.NewAccount) { n.Login = "a\x00b" }, "account.add.login"},
		"login of megabytes": {testkit.TheOperator, func(n *casework.NewAccount) { n.Login = strings.Repeat("a", 10<<20) }, "account.add.login"},
		"no name":            {testkit.TheOperator, func(n *casework.NewAccount) { n.Name = " " }, "account.add.name"},
		"no grant":           {testkit.TheOperator, func(n *casework.NewAccount) { n.Grants = nil }, "account.grant.none"},
		"the clock":          {testkit.TheOperator, func(n *casework.NewAccount) { n.Grants[0].Role = stage.Clock }, "account.grant.role"},
		"applicant of none":  {testkit.TheOperator, func(n *casework.NewAccount) { n.Grants[0].Role = stage.Applicant }, "account.grant.organisation"},
		"short password":     {testkit.TheOperator, func(n *casework.NewAccount) { n.Password = "九个字的密码不够长" }, "account.password.short"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := casework.NewAccount{Login: "new", Name: "𠮷一", Grants: []casework.Grant{{Role: stage.Clerk}}}
			tt.with(&in)
			if _, err := w.Desk.AddAccount(t.Context(), tt.by, in); fault.CodeOf(err) != tt.code {
				t.Errorf("got %v, want %s", err, tt.code)
			}
		})
	}
}

func TestPasswordPolicy(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	// The login name is taken, which is told after the password was found good.
	w.PersonWith("占用", casework.Grant{Role: stage.Clerk})
	for password, want := range map[string]string{
		"白桦树下走过二十里":                     "account.password.short", // nine characters
		"白桦树下走过二十里路":                    "",
		strings.Repeat("白桦", 129):       "account.password.long",
		"password12":                    "account.password.common",
		"P@ssw0rd2021":                  "account.password.common",
		"1234567890":                    "account.password.common",
		"abcdefghijkl":                  "account.password.common",
		"0987654321":                    "account.password.common",
		"aaaaaaaaaaaa":                  "account.password.common",
		"abcabcabcabc":                  "account.password.common",
		"2021示范基地2021":                  "account.password.common",
		"!!!qwertyuiop!!!":              "account.password.common",
		"xx-person1-xx":                 "account.password.login",
		"XX-PERSON1-XX":                 "account.password.login",
		"审核员零二的密码就是这个":                  "account.password.login",
		"correct horse battery staple":  "",
		"  blanks at both ends count  ": "",
		"𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷":                    "account.password.common",
	} {
		_, err := w.Desk.AddAccount(t.Context(), testkit.TheOperator, casework.NewAccount{
			Login: "person1", Name: "审核员零二", Grants: []casework.Grant{{Role: stage.Clerk}}, Password: password,
		})
		if want != "" && fault.CodeOf(err) != want {
			t.Errorf("%q: got %v, want %s", password, err, want)
		}
		if want == "" && fault.CodeOf(err) != "account.add.taken" {
			t.Errorf("%q: got %v, want it taken", password, err)
		}
	}
}

// TestExpire: sessions long over and old invitations are forgotten, once.
func TestExpire(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	who := w.Person("审核员02", stage.Clerk)
	if _, err := w.Desk.OpenSession(t.Context(), who.Account, casework.Grant{Role: stage.Clerk}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.Invite(t.Context(), testkit.TheOperator, who.Account); err != nil {
		t.Fatal(err)
	}
	count := func() (sessions, invitations int) {
		err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
			s, err := tx.SessionsOf(who.Account)
			if err != nil {
				return err
			}
			i, err := tx.InvitationsOf(who.Account)
			sessions, invitations = len(s), len(i)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return sessions, invitations
	}
	for _, tt := range []struct {
		at                    string
		sessions, invitations int
	}{{"2021-06-02 21:00:00", 1, 1}, {"2021-06-02 21:00:01", 0, 1}, {"2021-06-08 08:59:59", 0, 1}, {"2021-06-08 09:00:00", 0, 0}} {
		w.At(tt.at)
		if s, i := count(); s != tt.sessions || i != tt.invitations {
			t.Errorf("%s: %d sessions and %d invitations, want %d and %d", tt.at, s, i, tt.sessions, tt.invitations)
		}
	}
}

// TestOnlyOperators: nobody else lists accounts or changes them, and an operator
// cannot take away their own role or account.
func TestOnlyOperators(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	op, clerk := w.Person("系统管理员01", stage.Operator), w.Person("审核员02", stage.Clerk)
	for _, r := range stage.Roles {
		by := stage.Actor{Account: clerk.Account, Role: r}
		_, err := w.Desk.Accounts(t.Context(), by, casework.AccountFilter{})
		if want := r == stage.Operator || r == stage.Auditor; (err == nil) != want {
			t.Errorf("%s lists accounts: %v", r, err)
		}
		if r != stage.Operator {
			w.Refused(w.Desk.DisableAccount(t.Context(), by, op.Account), "thing.not_found")
			_, err := w.Desk.Invite(t.Context(), by, op.Account)
			w.Refused(err, "thing.not_found")
			w.Refused(w.Desk.GrantAccount(t.Context(), by, clerk.Account, []casework.Grant{{Role: stage.Chair}}, 0), "thing.not_found")
		}
	}
	if _, err := w.Desk.Account(t.Context(), clerk, op.Account); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a clerk sees an operator's account: %v", err)
	}
	if _, err := w.Desk.Account(t.Context(), clerk, clerk.Account); err != nil {
		t.Errorf("one's own account: %v", err)
	}
	w.Refused(w.Desk.DisableAccount(t.Context(), op, op.Account), "account.disable.self")
	w.Refused(w.Desk.GrantAccount(t.Context(), op, op.Account, []casework.Grant{{Role: stage.Clerk}}, 0), "account.disable.self")
	w.Refused(w.Desk.DisableAccount(t.Context(), op, "acc_unknown"), "thing.not_found")
}

// TestBrowsersAreBounded: an account remembers ten browsers; the one not seen
// for longest is forgotten.
func TestBrowsersAreBounded(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	const password = "白桦树下 走过 二十里"
	key, err := w.Desk.AddAccount(t.Context(), testkit.TheOperator, casework.NewAccount{Login: "many", Name: "多处登录", Grants: []casework.Grant{{Role: stage.Clerk}}, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	for range 12 {
		if _, _, err := w.Desk.SignIn(t.Context(), "many", password, ""); err != nil {
			t.Fatal(err)
		}
	}
	err = w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.BrowsersOf(key)
		if len(all) != 10 {
			t.Errorf("%d browsers, want 10", len(all))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAccountKind checks the machine of accounts as lifecycle checks its own.
func TestAccountKind(t *testing.T) {
	t.Parallel()
	for _, m := range casework.AccountKind.Moves {
		if m.Basis == "" || casework.AccountKind.Words[m.Act] == "" || casework.AccountKind.Words[string(m.From)] == "" || casework.AccountKind.Words[string(m.To)] == "" {
			t.Errorf("%v lacks a provision or a word", m)
		}
	}
	for _, tt := range []struct {
		at  stage.State
		act string
	}{{casework.AccountDisabled, "login"}, {casework.AccountDisabled, "invite"}, {casework.AccountInvited, "login"}, {casework.AccountActive, "enable"}} {
		for _, by := range []stage.Role{stage.Operator, stage.Public} {
			if _, err := casework.AccountKind.Step(tt.at, tt.act, by); fault.KindOf(err) != fault.Refused {
				t.Errorf("%s from %s by %s is not refused", tt.act, tt.at, by)
			}
		}
	}
}
