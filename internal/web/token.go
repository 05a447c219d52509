package web

import (
	"net/http"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/web/page"
)

// tokenRoutes are the pages on which a person makes the tokens of their programs.
func (s *Site) tokenRoutes() []route {
	return []route{
		{pattern: "GET /account/tokens", allow: signedIn, serve: s.listTokens},
		{pattern: "GET /account/tokens/new", allow: signedIn, serve: s.askToken},
		{pattern: "POST /account/tokens/new", allow: signedIn, serve: s.makeToken, form: s.askToken},
		{pattern: "GET /account/tokens/{id}/revoke", allow: signedIn, serve: s.askRevokeToken},
		{pattern: "POST /account/tokens/{id}/revoke", allow: signedIn, serve: s.revokeToken, form: s.askRevokeToken},
	}
}

var (
	accountLink = page.Link{Word: "我的账号", URL: "/account"}
	tokensLink  = page.Link{Word: "接口令牌", URL: "/account/tokens"}
)

func (s *Site) listTokens(w http.ResponseWriter, r *request) error {
	all, now, err := s.desk.Tokens(r.Context(), *r.Signed)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Tokens(s.page(r, "接口令牌", accountLink), all, now))
}

func (s *Site) askToken(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, page.TokenForm(s.page(r, "新建令牌", accountLink, tokensLink), *r.Signed))
}

func (s *Site) makeToken(w http.ResponseWriter, r *request) error {
	days, err := r.number("days")
	if err != nil {
		return err
	}
	token, made, err := s.desk.MakeToken(r.Context(), *r.Signed, casework.NewToken{Name: r.text("name"), Scopes: r.all("scopes"), Days: days})
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.TokenMade(s.page(r, "令牌已建", accountLink, tokensLink), token, made))
}

func (s *Site) askRevokeToken(w http.ResponseWriter, r *request) error {
	t, err := s.desk.OwnToken(r.Context(), *r.Signed, id.Token(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.TokenRevoke(s.page(r, "收回令牌", accountLink, tokensLink), t))
}

func (s *Site) revokeToken(w http.ResponseWriter, r *request) error {
	if err := s.desk.RevokeToken(r.Context(), *r.Signed, id.Token(r.PathValue("id"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/account/tokens", "令牌已收回。")
}
