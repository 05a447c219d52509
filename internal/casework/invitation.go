package casework

import (
	"context"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// InvitationLasts is how long an invitation can be used (ASVS 6.4.1).
const InvitationLasts = 7 * 24 * time.Hour

var errInvitation = fault.Define(fault.NotFound, "account.join.over",
	"这个链接已经用过、已过期或者不完整。请系统管理员重新发一个。", "制度:账号凭邀请开通")

// FirstStart reports whether nobody has an account yet.
func (d *Desk) FirstStart(ctx context.Context) (first bool, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		n, err := tx.CountAccounts()
		first = n == 0
		return err
	})
	return first, err
}

// FirstInvitation returns the token of the one-time link that creates the
// administrator, and makes earlier ones worthless. Once there is an account it
// is refused.
func (d *Desk) FirstInvitation(ctx context.Context) (token string, err error) {
	defer fault.Wrap(&err, "casework.FirstInvitation")
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		n, err := tx.CountAccounts()
		if err != nil {
			return record.Entry{}, err
		}
		if n > 0 {
			return record.Entry{}, errInvitation.New()
		}
		token, err = d.invite(tx, "")
		return d.entry(Console, AccountKind, "first", stage.Move{Act: "invite", Basis: "制度:无默认账号"}, d.Now()), err
	})
	return token, err
}

// Invite returns the token of a link by which the account's person sets a
// password, once, within InvitationLasts. Earlier links are worthless from then
// on. It is also how a forgotten password is set anew.
func (d *Desk) Invite(ctx context.Context, by stage.Actor, account id.Account) (token string, err error) {
	defer fault.Wrap(&err, "casework.Invite(%s)", account)
	err = d.changeAccount(ctx, by, account, "invite", func(tx *store.Tx, a *Account) (err error) {
		token, err = d.invite(tx, a.ID)
		return err
	})
	return token, err
}

// invite replaces an account's invitations by a new one.
func (d *Desk) invite(tx *store.Tx, account id.Account) (token string, err error) {
	open, err := tx.InvitationsOf(account)
	if err != nil {
		return "", err
	}
	for _, i := range open {
		if err := tx.RemoveInvitation(i.Token); err != nil {
			return "", err
		}
	}
	token = d.token()
	return token, tx.AddInvitation(&store.Invitation{Token: hashed(token), Account: account, Expires: d.wall().Add(InvitationLasts)})
}

// Invited returns whose invitation a link is. The account is empty when the link
// creates the administrator. A link that is used, over or unknown is refused in
// one sentence.
func (d *Desk) Invited(ctx context.Context, token string) (a Account, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		a, err = d.invited(tx, token)
		return err
	})
	return a, err
}

func (d *Desk) invited(tx *store.Tx, token string) (Account, error) {
	i, err := tx.Invitation(hashed(token))
	if fault.KindOf(err) == fault.NotFound || err == nil && !d.wall().Before(i.Expires) {
		return Account{}, errInvitation.New()
	}
	if err != nil || i.Account == "" {
		return Account{}, err
	}
	a, err := tx.Account(i.Account)
	if err == nil && a.Disabled {
		err = errInvitation.New()
	}
	return a, err
}

// Join uses an invitation up: it sets the password, ends every session of the
// account and opens its lockout. The link of the first start also takes the
// administrator's login name and name; for others in has the password alone.
func (d *Desk) Join(ctx context.Context, token string, in NewAccount) (err error) {
	defer fault.Wrap(&err, "casework.Join")
	a, err := d.Invited(ctx, token)
	if err != nil {
		return err
	}
	first := a.ID == ""
	if first {
		a = Account{Login: NormalLogin(in.Login), Name: strings.TrimSpace(in.Name), Grants: []Grant{{Role: stage.Operator}}}
		if err := fault.All(checkLogin(a.Login), checkName(a.Name)); err != nil {
			return err
		}
	}
	hash, err := newPassword(a, in.Password)
	if err != nil {
		return err
	}
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		now, err := d.invited(tx, token) // once more, inside: a link works once
		if err != nil {
			return record.Entry{}, err
		}
		if err := tx.RemoveInvitation(hashed(token)); err != nil {
			return record.Entry{}, err
		}
		if first {
			a.ID, a.Password = id.New[id.Account](d.Rand), hash
			return d.accountEntry(a.Actor(a.Grants[0]), "join", a, ""), tx.AddAccount(&a)
		}
		from := AccountState(now)
		now.Password, now.Failures, now.LockedTo = hash, 0, time.Time{}
		if err := d.endSessions(tx, now.ID); err != nil {
			return record.Entry{}, err
		}
		return d.accountEntry(stage.Actor{Account: now.ID, Role: stage.Public}, "join", now, from), tx.PutAccount(&now)
	})
}

// endSessions signs an account out everywhere; its programs too.
func (d *Desk) endSessions(tx *store.Tx, account id.Account) error {
	open, err := tx.SessionsOf(account)
	if err != nil {
		return err
	}
	for _, s := range open {
		if err := tx.RemoveSession(s.Token); err != nil {
			return err
		}
	}
	return endTokens(tx, account)
}

// changeAccount does one act of the operator on an account.
func (d *Desk) changeAccount(ctx context.Context, by stage.Actor, account id.Account, act string, change func(*store.Tx, *Account) error) error {
	if err := operator(by); err != nil {
		return err
	}
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		a, err := tx.Account(account)
		if err != nil {
			return record.Entry{}, err
		}
		from := AccountState(a)
		if _, err := AccountKind.Step(from, act, stage.Operator); err != nil {
			return record.Entry{}, err
		}
		if err := change(tx, &a); err != nil {
			return record.Entry{}, err
		}
		e := d.accountEntry(by, act, a, from)
		if act == "grant" {
			e.Facts = grantFacts(a.Grants)
		}
		return e, tx.PutAccount(&a)
	})
}

var errAccountSelf = fault.Define(fault.Refused, "account.disable.self",
	"不能停用自己的账号，也不能收回自己的系统管理员角色。请另一位系统管理员办理。", "制度:权限相互制约")

// DisableAccount takes an account out of use: it is signed out at once and
// everywhere, and cannot sign in.
func (d *Desk) DisableAccount(ctx context.Context, by stage.Actor, account id.Account) (err error) {
	defer fault.Wrap(&err, "casework.DisableAccount(%s)", account)
	return d.changeAccount(ctx, by, account, "disable", func(tx *store.Tx, a *Account) error {
		if a.ID == by.Account {
			return errAccountSelf.New()
		}
		a.Disabled = true
		return d.endSessions(tx, a.ID)
	})
}

// EnableAccount takes a disabled account back into use, with its old password.
func (d *Desk) EnableAccount(ctx context.Context, by stage.Actor, account id.Account) (err error) {
	defer fault.Wrap(&err, "casework.EnableAccount(%s)", account)
	return d.changeAccount(ctx, by, account, "enable", func(_ *store.Tx, a *Account) error {
		a.Disabled = false
		return nil
	})
}

// GrantAccount sets which roles an account holds where, in place of those it
// held. It takes effect with the next request: a session that acts in a grant
// that is gone is over. version is the one the page showed; 0 asks nothing.
func (d *Desk) GrantAccount(ctx context.Context, by stage.Actor, account id.Account, grants []Grant, version int64) (err error) {
	defer fault.Wrap(&err, "casework.GrantAccount(%s)", account)
	if f := checkGrants(grants); f != nil {
		return f
	}
	return d.changeAccount(ctx, by, account, "grant", func(_ *store.Tx, a *Account) error {
		if version != 0 && version != a.Version {
			return fault.Stale()
		}
		was := a.Holds(stage.Operator, "")
		a.Grants = grants
		if a.ID == by.Account && was && !a.Holds(stage.Operator, "") {
			return errAccountSelf.New()
		}
		return nil
	})
}

// Accounts lists accounts for an operator or an auditor.
func (d *Desk) Accounts(ctx context.Context, by stage.Actor, f store.AccountFilter) (all []Account, err error) {
	defer fault.Wrap(&err, "casework.Accounts")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Accounts(by, f)
		return err
	})
	return all, err
}

// Account returns an account to an operator or an auditor, and its own to
// everybody.
func (d *Desk) Account(ctx context.Context, by stage.Actor, account id.Account) (a Account, err error) {
	defer fault.Wrap(&err, "casework.Account(%s)", account)
	if by.Role != stage.Operator && by.Role != stage.Auditor && by.Account != account {
		return Account{}, fault.Missing()
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		a, err = tx.Account(account)
		return err
	})
	return a, err
}

// AccountByLogin returns an account by its login name, for the command line.
func (d *Desk) AccountByLogin(ctx context.Context, by stage.Actor, login string) (a Account, err error) {
	defer fault.Wrap(&err, "casework.AccountByLogin")
	if err := operator(by); err != nil {
		return Account{}, err
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		a, err = tx.AccountByLogin(NormalLogin(login))
		return err
	})
	return a, err
}
