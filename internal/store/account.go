package store

import (
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// Account is a person who signs in. It holds no more about the person than the
// name the office knows them by.
type Account struct {
	ID       id.Account
	Login    string // unique, lower case
	Name     string // 经办人甲, or a name
	Password string // argon2id, encoded; empty until the invitation is used
	Grants   []Grant
	Disabled bool
	Failures int       // wrong passwords in a row, from browsers that never signed in
	LockedTo time.Time // no sign-in from such browsers before this
	Version  int64
}

// Grant is one role that an account holds, and where.
type Grant struct {
	Role         stage.Role      `json:"role"`
	Programme    id.Programme    `json:"programme,omitempty"`    // empty: all
	Organisation id.Organisation `json:"organisation,omitempty"` // for applicants
}

// Actor returns the account acting in one of its grants.
func (a *Account) Actor(g Grant) stage.Actor {
	return stage.Actor{Account: a.ID, Role: g.Role, Organisation: g.Organisation, Programme: g.Programme}
}

// Holds reports whether the account holds a role in a programme: by a grant for
// that programme, or by one for all.
func (a *Account) Holds(role stage.Role, programme id.Programme) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.Role == role && (g.Programme == "" || g.Programme == programme)
	})
}

// Session is one sign-in. It acts in one grant of the account at a time.
type Session struct {
	Token   string // SHA-256 of the cookie's token, in hex
	ID      id.Session
	Account id.Account
	Grant   Grant
	Secret  string // seals the time of the last request into the cookie
	Started time.Time
}

// Invitation is a link that lets one person set a password once.
type Invitation struct {
	Token   string     // SHA-256 of the link's token, in hex
	Account id.Account // empty: creates the administrator
	Expires time.Time
}

// Browser is one that signed in to an account before, known by a cookie.
type Browser struct {
	Token    string // SHA-256 of the cookie's token, in hex
	Account  id.Account
	Failures int
	LockedTo time.Time
	Seen     time.Time
	Version  int64
}

var accounts = table[Account]{
	name:    "accounts",
	columns: []string{"id", "login", "name", "password", "grants", "disabled", "failures", "locked_to", "version"},
	fields: func(a *Account) []any {
		return []any{&a.ID, &a.Login, &a.Name, &a.Password, asJSON(&a.Grants), &a.Disabled, &a.Failures, asTime(&a.LockedTo), &a.Version}
	},
	version: func(a *Account) *int64 { return &a.Version },
}

var sessions = table[Session]{
	name:    "sessions",
	columns: []string{"token", "id", "account", "acts_in", "secret", "started"},
	fields: func(s *Session) []any {
		return []any{&s.Token, &s.ID, &s.Account, asJSON(&s.Grant), &s.Secret, asTime(&s.Started)}
	},
}

var invitations = table[Invitation]{
	name:    "invitations",
	columns: []string{"token", "account", "expires"},
	fields:  func(i *Invitation) []any { return []any{&i.Token, &i.Account, asTime(&i.Expires)} },
}

var browsers = table[Browser]{
	name:    "browsers",
	columns: []string{"token", "account", "failures", "locked_to", "seen", "version"},
	fields: func(b *Browser) []any {
		return []any{&b.Token, &b.Account, &b.Failures, asTime(&b.LockedTo), asTime(&b.Seen), &b.Version}
	},
	version: func(b *Browser) *int64 { return &b.Version },
}

// Account returns the account with the given identifier, or fault.Missing.
func (tx *Tx) Account(key id.Account) (Account, error) { return accounts.get(tx, string(key)) }

// AccountByLogin returns the account with the given login name, which must be
// lower case, or fault.Missing.
func (tx *Tx) AccountByLogin(login string) (Account, error) {
	return only(accounts.list(tx, "WHERE login = $1", login))
}

// AccountsWith lists the accounts that are not disabled and hold a role in a
// programme, by a grant for it or for all, in the order of their identifiers:
// the electorate of a committee, the pool of assessors.
func (tx *Tx) AccountsWith(role stage.Role, programme id.Programme) ([]Account, error) {
	all, err := accounts.list(tx, "WHERE disabled = $1 AND grants LIKE $2 ORDER BY id", false, `%"role":"`+string(role)+`"%`)
	return slices.DeleteFunc(all, func(a Account) bool { return !a.Holds(role, programme) }), err
}

// AccountsFor lists the accounts that act for an organisation, by login name. It
// does not ask who looks.
func (tx *Tx) AccountsFor(organisation id.Organisation) ([]Account, error) {
	all, err := accounts.list(tx, "WHERE grants LIKE $1 ORDER BY login", `%"organisation":"`+string(organisation)+`"%`)
	return slices.DeleteFunc(all, func(a Account) bool {
		return !slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == stage.Applicant && g.Organisation == organisation })
	}), err
}

// AddAccount adds an account. The login name must be free.
func (tx *Tx) AddAccount(a *Account) error { return accounts.insert(tx, a) }

// PutAccount saves an account, unless someone else saved it since it was read.
func (tx *Tx) PutAccount(a *Account) error { return accounts.update(tx, a) }

// AccountFilter narrows a list of accounts.
type AccountFilter struct {
	Words string     // part of the login name or the name
	Role  stage.Role // empty: any
	After string     // the login name that ended the page before
	Limit int        // 0: 50
}

// Accounts lists accounts by login name, for those who may see accounts at all:
// operators and auditors. Everybody else gets fault.Missing.
func (tx *Tx) Accounts(viewer stage.Actor, f AccountFilter) ([]Account, error) {
	if viewer.Role != stage.Operator && viewer.Role != stage.Auditor {
		return nil, fault.Missing()
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	words := "%" + escapeLike(f.Words) + "%"
	role := "%"
	if f.Role != "" {
		role = `%"role":"` + string(f.Role) + `"%`
	}
	return accounts.list(tx, `WHERE login > $1 AND grants LIKE $2 AND (login LIKE $3 ESCAPE '!' OR name LIKE $3 ESCAPE '!') ORDER BY login LIMIT $4`,
		f.After, role, words, limit)
}

// CountAccounts counts all accounts: none means that nobody has ever signed in.
func (tx *Tx) CountAccounts() (int, error) { return accounts.count(tx, "") }

// Session returns the session whose token has the given hash, or fault.Missing.
func (tx *Tx) Session(token string) (Session, error) { return sessions.get(tx, token) }

// SessionsOf lists an account's sessions, the latest first.
func (tx *Tx) SessionsOf(account id.Account) ([]Session, error) {
	return sessions.list(tx, "WHERE account = $1 ORDER BY started DESC", string(account))
}

// SessionsBefore lists the sessions that started before an instant.
func (tx *Tx) SessionsBefore(t time.Time) ([]Session, error) {
	return sessions.list(tx, "WHERE started < $1 ORDER BY token", t.UnixMicro())
}

// AddSession adds a session.
func (tx *Tx) AddSession(s *Session) error { return sessions.insert(tx, s) }

// RemoveSession ends a session.
func (tx *Tx) RemoveSession(token string) error { return sessions.remove(tx, token) }

// Invitation returns the invitation whose token has the given hash, or
// fault.Missing.
func (tx *Tx) Invitation(token string) (Invitation, error) { return invitations.get(tx, token) }

// InvitationsOf lists the open invitations of an account; those of the first
// start when account is empty.
func (tx *Tx) InvitationsOf(account id.Account) ([]Invitation, error) {
	return invitations.list(tx, "WHERE account = $1 ORDER BY token", string(account))
}

// InvitationsBefore lists the invitations whose time has passed at an instant.
func (tx *Tx) InvitationsBefore(t time.Time) ([]Invitation, error) {
	return invitations.list(tx, "WHERE expires <= $1 ORDER BY token", t.UnixMicro())
}

// AddInvitation adds an invitation.
func (tx *Tx) AddInvitation(i *Invitation) error { return invitations.insert(tx, i) }

// RemoveInvitation uses an invitation up.
func (tx *Tx) RemoveInvitation(token string) error { return invitations.remove(tx, token) }

// Browser returns the known browser whose token has the given hash, or
// fault.Missing.
func (tx *Tx) Browser(token string) (Browser, error) { return browsers.get(tx, token) }

// BrowsersOf lists the browsers that signed in to an account before, those not
// seen for longest first.
func (tx *Tx) BrowsersOf(account id.Account) ([]Browser, error) {
	return browsers.list(tx, "WHERE account = $1 ORDER BY seen, token", string(account))
}

// AddBrowser adds a known browser.
func (tx *Tx) AddBrowser(b *Browser) error { return browsers.insert(tx, b) }

// PutBrowser saves a known browser, unless someone else saved it meanwhile.
func (tx *Tx) PutBrowser(b *Browser) error { return browsers.update(tx, b) }

// RemoveBrowser forgets a browser.
func (tx *Tx) RemoveBrowser(token string) error { return browsers.remove(tx, token) }

// only returns the first of a list, or says that it is missing.
func only[T any](all []T, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if len(all) == 0 {
		return none, fault.Missing()
	}
	return all[0], nil
}

// escapeLike makes the wildcards of LIKE plain, with ! as the escape.
func escapeLike(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}
