package casework

import (
	"context"
	"time"

	"github.com/alexedwards/argon2id"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Lockout. After five wrong passwords in a row an account takes no sign-in for
// half an hour – from browsers that never signed in to it. A browser that did
// is known by a cookie and counts its own wrong passwords. So a stranger who
// keeps an account locked does not keep its owner out, and still has no more
// than ten guesses an hour. Addresses that fail often are slowed down by the
// door. See docs/decisions/2026-11-24-lockout.md.
const (
	lockAfter   = 5
	lockFor     = 30 * time.Minute
	browsersMax = 10 // known browsers an account keeps; the one not seen for longest goes
)

// One sentence for every reason, so that nobody learns which login names exist
// or which are locked (ASVS 16.5.1).
var errSignIn = fault.Define(fault.Invalid, "account.login.wrong",
	"登录名或者密码不对。连续5次不对的，30分钟后才能再试；忘记密码的，请系统管理员重新发邀请。", "")

// slots bounds how many passwords are hashed at once: each takes 19 MiB.
var slots = make(chan struct{}, 4)

// SignIn checks a password and opens a session in the account's first grant.
// browser is the token of the browser's own cookie, "" when it has none. It
// returns the session's cookie and the browser's token to keep.
func (d *Desk) SignIn(ctx context.Context, login, password, browser string) (cookie, known string, err error) {
	defer fault.Wrap(&err, "casework.SignIn")
	login = NormalLogin(login)
	var a Account
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		found, err := tx.AccountByLogin(login)
		if err == nil && !found.Disabled && len(found.Grants) > 0 {
			a = found
		}
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		return err
	})
	if err != nil {
		return "", "", err
	}
	slots <- struct{}{}
	right := len(password) <= 4*passwordMax && samePassword(password, a.Password)
	<-slots
	wrong := false
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		e, ok, err := d.signIn(tx, a.ID, browser, right, &cookie, &known)
		if right && ok {
			d.rehash(tx, a.ID, password, &err)
		}
		wrong = !ok
		return e, err
	})
	if err != nil {
		return "", "", err
	}
	if wrong {
		return "", "", errSignIn.At("login")
	}
	return cookie, known, nil
}

// signIn counts a wrong password or opens the session, on what the store says
// now. It reports whether the person is in. A refusal is a change too: it
// counts, and the record keeps it.
func (d *Desk) signIn(tx *store.Tx, account id.Account, browser string, right bool, cookie, known *string) (record.Entry, bool, error) {
	now := d.wall()
	if account == "" {
		return d.entry(stage.Anyone, AccountKind, "unknown", stage.Move{Act: "refuse", Basis: "制度:凭密码登录"}, d.Now()), false, nil
	}
	a, err := tx.Account(account)
	if err != nil {
		return record.Entry{}, false, err
	}
	b, err := d.browserOf(tx, a, browser)
	if err != nil {
		return record.Entry{}, false, err
	}
	failures, lockedTo := &a.Failures, &a.LockedTo
	if b.Token != "" {
		failures, lockedTo = &b.Failures, &b.LockedTo
	}
	ok := right && !lockedTo.After(now) && !a.Disabled
	if ok {
		*failures, *lockedTo = 0, time.Time{}
	} else if !lockedTo.After(now) {
		if *failures++; *failures >= lockAfter {
			*failures, *lockedTo = 0, now.Add(lockFor)
		}
	}
	if !ok {
		e := d.accountEntry(stage.Anyone, "refuse", a, AccountState(a))
		if b.Token != "" {
			return e, false, tx.PutBrowser(&b)
		}
		return e, false, tx.PutAccount(&a)
	}
	if *known, err = d.keepBrowser(tx, a, b, browser, now); err != nil {
		return record.Entry{}, false, err
	}
	if b.Token == "" {
		if err := tx.PutAccount(&a); err != nil {
			return record.Entry{}, false, err
		}
	}
	*cookie, err = d.open(tx, a, a.Grants[0])
	return d.accountEntry(a.Actor(a.Grants[0]), "login", a, AccountState(a)), true, err
}

// browserOf returns the known browser, or none when the token is not one of
// this account's.
func (d *Desk) browserOf(tx *store.Tx, a Account, token string) (store.Browser, error) {
	if token == "" {
		return store.Browser{}, nil
	}
	b, err := tx.Browser(hashed(token))
	if fault.KindOf(err) == fault.NotFound || err == nil && b.Account != a.ID {
		return store.Browser{}, nil
	}
	return b, err
}

// keepBrowser remembers that a browser signed in, and returns its token.
func (d *Desk) keepBrowser(tx *store.Tx, a Account, b store.Browser, token string, now time.Time) (string, error) {
	if b.Token != "" {
		b.Seen = now
		return token, tx.PutBrowser(&b)
	}
	all, err := tx.BrowsersOf(a.ID)
	if err != nil {
		return "", err
	}
	for i := 0; i <= len(all)-browsersMax; i++ {
		if err := tx.RemoveBrowser(all[i].Token); err != nil {
			return "", err
		}
	}
	token = d.token()
	return token, tx.AddBrowser(&store.Browser{Token: hashed(token), Account: a.ID, Seen: now})
}

// rehash keeps up with dearer hashing: a password hashed with other parameters
// is hashed anew when it is given.
func (d *Desk) rehash(tx *store.Tx, account id.Account, password string, err *error) {
	if *err != nil {
		return
	}
	a, e := tx.Account(account)
	if e != nil {
		*err = e
		return
	}
	if p, _, _, e := argon2id.DecodeHash(a.Password); e == nil && *p == *hashing {
		return
	}
	if a.Password, *err = argon2id.CreateHash(password, hashing); *err == nil {
		*err = tx.PutAccount(&a)
	}
}
