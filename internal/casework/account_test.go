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
