package web

import (
	"fmt"
	"net/http"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// accountsRoutes are the operator's pages: who has an account and what for. The
// auditor may look.
func (s *Site) accountsRoutes() []route {
	operator := []stage.Role{stage.Operator}
	look := []stage.Role{stage.Operator, stage.Auditor}
	return []route{
		{pattern: "GET /accounts", allow: look, serve: s.listAccounts},
		{pattern: "GET /accounts/new", allow: operator, serve: s.askAccount},
		{pattern: "POST /accounts/new", allow: operator, serve: s.addAccount, form: s.askAccount},
		{pattern: "GET /accounts/{id}", allow: look, serve: s.showOneAccount},
		{pattern: "POST /accounts/{id}/grants", allow: operator, serve: s.grantAccount, form: s.showOneAccount},
		{pattern: "POST /accounts/{id}/invite", allow: operator, serve: s.inviteAccount, form: s.showOneAccount},
		{pattern: "POST /accounts/{id}/disable", allow: operator, serve: s.disableAccount, form: s.showOneAccount},
		{pattern: "POST /accounts/{id}/enable", allow: operator, serve: s.enableAccount, form: s.showOneAccount},
	}
}

var accountsCrumb = page.Link{Word: "账号", URL: "/accounts"}

// pageSize is how many rows a list page shows.
const pageSize = 50

func (s *Site) listAccounts(w http.ResponseWriter, r *request) error {
	f := casework.AccountFilter{Words: r.text("q"), Role: stage.Role(r.text("role")), After: r.text("after"), Limit: pageSize + 1}
	all, err := s.desk.Accounts(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	v := page.AccountsView{Accounts: all, Words: f.Words, Role: f.Role, May: r.Actor.Role == stage.Operator}
	if len(all) > pageSize {
		v.Accounts = all[:pageSize]
		q := r.URL.Query()
		q.Set("after", v.Accounts[pageSize-1].Login)
		v.Next = "/accounts?" + q.Encode()
	}
	var grants []casework.Grant
	for _, a := range v.Accounts {
		grants = append(grants, a.Grants...)
	}
	if v.Places, err = s.desk.PlacesOf(r.Context(), r.Actor, grants...); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Accounts(s.page(r, "账号"), v))
}

func (s *Site) askAccount(w http.ResponseWriter, r *request) error {
	grants, places := []casework.Grant(nil), casework.Places{}
	if code := r.URL.Query().Get("organisation"); code != "" { // the link on an organisation's page
		o, err := s.desk.FindOrganisation(r.Context(), r.Actor, code)
		if err != nil {
			return err
		}
		grants, places[o.ID] = []casework.Grant{{Role: stage.Applicant, Organisation: o.ID}}, o
	}
	programmes, err := s.programmes(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.NewAccount(s.page(r, "添加账号", accountsCrumb), grants, places, programmes))
}

// programmes are those that a grant may name.
func (s *Site) programmes(r *request) (all []*programme.Programme, err error) {
	views, err := s.desk.Programmes(r.Context(), r.Actor)
	for _, v := range views {
		all = append(all, v.Programme)
	}
	return all, err
}

func (s *Site) addAccount(w http.ResponseWriter, r *request) error {
	grants, err := s.readGrants(r)
	if err != nil {
		return err
	}
	key, err := s.desk.AddAccount(r.Context(), r.Actor, casework.NewAccount{Login: r.text("login"), Name: r.text("name"), Grants: grants})
	if err != nil {
		return err
	}
	return s.showInvitation(w, r, key)
}

// readGrants reads the rows role1, programme1, organisation1, role2 … A row
// without a role is left out. An organisation is named by its code.
func (s *Site) readGrants(r *request) (grants []casework.Grant, err error) {
	for i := 1; i <= page.GrantRows; i++ {
		g := casework.Grant{
			Role:      stage.Role(r.text(fmt.Sprintf("role%d", i))),
			Programme: id.Programme(strings.ToLower(r.code(fmt.Sprintf("programme%d", i)))),
		}
		if g.Role == "" {
			continue
		}
		if typed := r.code(fmt.Sprintf("organisation%d", i)); typed != "" {
			o, err := s.organisationNamed(r, typed)
			if err != nil {
				return nil, err
			}
			g.Organisation = o
		}
		grants = append(grants, g)
	}
	return grants, nil
}

var errNoSuchOrganisation = fault.Define(fault.Invalid, "account.grant.unknown_organisation",
	"没有找到代码为“%s”的单位。核对代码，还没有建档的，请办公室先建档。", "制度:按岗授权")

// organisationNamed finds the organisation that a form names by its code, or by
// its identifier where it has no code.
func (s *Site) organisationNamed(r *request, typed string) (id.Organisation, error) {
	key := id.Organisation(strings.ToLower(typed))
	places, err := s.desk.PlacesOf(r.Context(), r.Actor, casework.Grant{Organisation: key})
	if err != nil {
		return "", err
	}
	if _, known := places[key]; known {
		return key, nil
	}
	o, err := s.desk.FindOrganisation(r.Context(), r.Actor, typed)
	if fault.KindOf(err) == fault.NotFound {
		err = errNoSuchOrganisation.At("organisation", shorten(typed))
	}
	return o.ID, err
}

func (s *Site) showOneAccount(w http.ResponseWriter, r *request) error {
	a, err := s.desk.Account(r.Context(), r.Actor, id.Account(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := page.AccountView{Account: a, May: r.Actor.Role == stage.Operator, Self: a.ID == r.Actor.Account}
	if v.Places, err = s.desk.PlacesOf(r.Context(), r.Actor, a.Grants...); err != nil {
		return err
	}
	if v.Programmes, err = s.programmes(r); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.OneAccount(s.page(r, a.Name, accountsCrumb), v))
}

func (s *Site) grantAccount(w http.ResponseWriter, r *request) error {
	key := id.Account(r.PathValue("id"))
	grants, err := s.readGrants(r)
	if err != nil {
		return err
	}
	if err := s.desk.GrantAccount(r.Context(), r.Actor, key, grants, r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/accounts/"+string(key), "授权已保存，立即生效。")
}

func (s *Site) inviteAccount(w http.ResponseWriter, r *request) error {
	return s.showInvitation(w, r, id.Account(r.PathValue("id")))
}

// showInvitation makes a link and shows it once. It is shown by the act itself
// and not after a redirect, so that the secret is in no address and no cookie.
func (s *Site) showInvitation(w http.ResponseWriter, r *request, key id.Account) error {
	token, err := s.desk.Invite(r.Context(), r.Actor, key)
	if err != nil {
		return err
	}
	a, err := s.desk.Account(r.Context(), r.Actor, key)
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(s.options.BaseURL, "/")
	if base == "" {
		base = "http://" + r.Host
	}
	until := s.wall()().Add(casework.InvitationLasts)
	f := s.page(r, "邀请链接", accountsCrumb)
	return s.render(w, r, http.StatusOK, page.Invitation(f, a, base+"/invitations/"+token, page.Minute(until)))
}

func (s *Site) disableAccount(w http.ResponseWriter, r *request) error {
	key := id.Account(r.PathValue("id"))
	if err := s.desk.DisableAccount(r.Context(), r.Actor, key); err != nil {
		return err
	}
	return s.seeOther(w, r, "/accounts/"+string(key), "账号已停用，该账号在各处的登录同时结束。")
}

func (s *Site) enableAccount(w http.ResponseWriter, r *request) error {
	key := id.Account(r.PathValue("id"))
	if err := s.desk.EnableAccount(r.Context(), r.Actor, key); err != nil {
		return err
	}
	return s.seeOther(w, r, "/accounts/"+string(key), "账号已恢复使用。")
}
