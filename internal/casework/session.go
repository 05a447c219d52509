package casework

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// How long a sign-in lasts (等保 三级; ASVS 7.3).
const (
	SessionIdle = 30 * time.Minute // without a request
	SessionMost = 12 * time.Hour   // in all
	sessionMark = time.Minute      // the cookie's time of last request is renewed this often
)

var errSessionOver = fault.Define(fault.Forbidden, "account.session.over",
	"登录已超过时限，请重新登录。", "制度:30分钟无操作或者满12小时退出")

// SignedIn is who is signed in, acting in one grant.
type SignedIn struct {
	Session store.Session
	Account Account
}

// Actor returns the account acting in the session's grant.
func (s SignedIn) Actor() stage.Actor { return s.Account.Actor(s.Session.Grant) }

// wall is the clock of sessions.
func (d *Desk) wall() time.Time {
	if d.Wall != nil {
		return d.Wall()
	}
	return d.Now()
}

// token returns 160 random bits in base32: what is in a cookie or a link. Only
// its hash is kept.
func (d *Desk) token() string {
	var b [20]byte
	if _, err := io.ReadFull(d.Rand, b[:]); err != nil {
		panic("casework: no randomness: " + err.Error())
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// hashed is what is kept of a token.
func hashed(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

// seal writes a session's cookie: the token, the time of the last request in
// Unix seconds, and a seal over both. The time of the last request travels in
// the cookie so that a request writes nothing; the seal's key never leaves the
// store, so nobody can lengthen a session by writing a later time.
func seal(secret, token string, seen time.Time) string {
	at := strconv.FormatInt(seen.Unix(), 10)
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(token + "." + at))
	return token + "." + at + "." + hex.EncodeToString(m.Sum(nil))
}

// unseal returns the token and the time of the last request of a cookie whose
// seal is still to be checked.
func unseal(cookie string) (token string, seen time.Time, ok bool) {
	parts := strings.Split(cookie, ".")
	if len(cookie) > 200 || len(parts) != 3 {
		return "", time.Time{}, false
	}
	at, err := strconv.ParseInt(parts[1], 10, 64)
	return parts[0], time.Unix(at, 0), err == nil
}

// OpenSession signs an account in, acting in one of its grants, without asking
// for a password: for the demonstration's entry page and for tests. SignIn is
// what the login page calls. It returns the session's cookie.
func (d *Desk) OpenSession(ctx context.Context, account id.Account, grant Grant) (cookie string, err error) {
	defer fault.Wrap(&err, "casework.OpenSession(%s)", account)
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		a, err := tx.Account(account)
		if err != nil {
			return record.Entry{}, err
		}
		if a.Disabled || !slices.Contains(a.Grants, grant) {
			return record.Entry{}, errSignIn.New()
		}
		cookie, err = d.open(tx, a, grant)
		return d.accountEntry(a.Actor(grant), "login", a, AccountState(a)), err
	})
	return cookie, err
}

// open adds a session with a fresh token: nothing that was in the browser
// before the sign-in opens it (session fixation).
func (d *Desk) open(tx *store.Tx, a Account, grant Grant) (cookie string, err error) {
	token, now := d.token(), d.wall()
	s := store.Session{Token: hashed(token), ID: id.New[id.Session](d.Rand), Account: a.ID, Grant: grant, Secret: d.token(), Started: now}
	return seal(s.Secret, token, now), tx.AddSession(&s)
}

// accountEntry is the record's line for an act on an account that is now in a
// state.
func (d *Desk) accountEntry(by stage.Actor, act string, a Account, from stage.State) record.Entry {
	m := stage.Move{Act: act, From: from, To: AccountState(a)}
	for _, known := range AccountKind.Moves {
		if known.Act == act {
			m.Basis = known.Basis
		}
	}
	return d.entry(by, AccountKind, string(a.ID), m, d.Now())
}

// SignedIn returns who a session's cookie stands for, and the cookie to set
// anew when the time of the last request in it is old ("" when it is not).
// A session that is over, or whose account was disabled or lost the grant, is
// refused at once.
func (d *Desk) SignedIn(ctx context.Context, cookie string) (who SignedIn, renewed string, err error) {
	defer fault.Wrap(&err, "casework.SignedIn")
	token, seen, ok := unseal(cookie)
	if !ok {
		return SignedIn{}, "", errSessionOver.New()
	}
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		if who.Session, err = tx.Session(hashed(token)); err != nil {
			return err
		}
		who.Account, err = tx.Account(who.Session.Account)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		err = errSessionOver.New()
	}
	if err != nil {
		return SignedIn{}, "", err
	}
	now := d.wall()
	genuine := hmac.Equal([]byte(cookie), []byte(seal(who.Session.Secret, token, seen)))
	idle, age := now.Sub(seen), now.Sub(who.Session.Started)
	if !genuine || idle >= SessionIdle || age >= SessionMost || who.Account.Disabled || !slices.Contains(who.Account.Grants, who.Session.Grant) {
		return SignedIn{}, "", errSessionOver.New()
	}
	if idle >= sessionMark {
		renewed = seal(who.Session.Secret, token, now)
	}
	return who, renewed, nil
}

// SignOut ends a session. One that is over already is fine.
func (d *Desk) SignOut(ctx context.Context, cookie string) (err error) {
	defer fault.Wrap(&err, "casework.SignOut")
	who, _, err := d.SignedIn(ctx, cookie)
	if errSessionOver.Is(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		return d.accountEntry(who.Actor(), "logout", who.Account, AccountState(who.Account)), tx.RemoveSession(who.Session.Token)
	})
}

// ActIn changes the grant in which a session acts, under a fresh token, and
// returns the new cookie. The old one is worth nothing from then on.
func (d *Desk) ActIn(ctx context.Context, cookie string, grant Grant) (renewed string, err error) {
	defer fault.Wrap(&err, "casework.ActIn")
	who, _, err := d.SignedIn(ctx, cookie)
	if err != nil {
		return "", err
	}
	if !slices.Contains(who.Account.Grants, grant) {
		return "", fault.Missing()
	}
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		if err := tx.RemoveSession(who.Session.Token); err != nil {
			return record.Entry{}, err
		}
		token := d.token()
		s := store.Session{Token: hashed(token), ID: id.New[id.Session](d.Rand), Account: who.Account.ID, Grant: grant, Secret: d.token(), Started: who.Session.Started}
		renewed = seal(s.Secret, token, d.wall())
		return d.accountEntry(who.Account.Actor(grant), "switch", who.Account, AccountState(who.Account)), tx.AddSession(&s)
	})
	return renewed, err
}

// expire forgets sessions that have been over for a day, invitations whose time has
// passed, and what forgetMessages and forgetTokens say. They were worthless before; this only tidies up, and writes
// one line when there was something to forget.
func (d *Desk) expire(ctx context.Context, _ time.Time) (acts int, err error) {
	defer fault.Wrap(&err, "casework.expire")
	before := d.wall().Add(-SessionMost - 24*time.Hour)
	forget := func(tx *store.Tx, remove bool) (n int, err error) {
		over, err := tx.SessionsBefore(before)
		if err != nil {
			return 0, err
		}
		unused, err := tx.InvitationsBefore(d.wall())
		if err != nil {
			return 0, err
		}
		old, err := d.forgetMessages(tx, remove)
		if err != nil {
			return 0, err
		}
		if n, err = d.forgetTokens(tx, remove); err != nil || !remove {
			return n + old + len(over) + len(unused), err
		}
		for _, s := range over {
			if err := tx.RemoveSession(s.Token); err != nil {
				return 0, err
			}
		}
		for _, i := range unused {
			if err := tx.RemoveInvitation(i.Token); err != nil {
				return 0, err
			}
		}
		return n + old + len(over) + len(unused), nil
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		acts, err = forget(tx, false)
		return err
	})
	if err != nil || acts == 0 {
		return 0, err
	}
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		n, err := forget(tx, true)
		e := d.entry(stage.TheClock, AccountKind, "sessions", stage.Move{Act: "expire", Basis: "制度:30分钟无操作或者满12小时退出"}, d.Now())
		e.Facts = map[string]string{"count": strconv.Itoa(n)}
		return e, err
	})
	return 1, err
}

// FormKey returns the key under which a form is sealed whose session has ended,
// and the name by which FormKeyOf finds it again; "" when the cookie is of no
// session that is still known.
func (d *Desk) FormKey(ctx context.Context, cookie string) (key [32]byte, of string, err error) {
	token, seen, ok := unseal(cookie)
	if !ok {
		return key, "", nil
	}
	var s store.Session
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		s, err = tx.Session(hashed(token))
		return err
	})
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return key, "", nil
	case err != nil || !hmac.Equal([]byte(cookie), []byte(seal(s.Secret, token, seen))):
		return key, "", err
	}
	return formKey(s), s.Token, nil
}

// FormKeyOf returns the key of a form that FormKey named, for the account whose
// session it was, whatever role it acts in now.
func (d *Desk) FormKeyOf(ctx context.Context, of string, who SignedIn) (key [32]byte, err error) {
	var s store.Session
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		s, err = tx.Session(of)
		return err
	})
	if err == nil && s.Account != who.Account.ID {
		err = fault.Missing()
	}
	return formKey(s), err
}

func formKey(s store.Session) (key [32]byte) {
	m := hmac.New(sha256.New, []byte(s.Secret))
	m.Write([]byte("form"))
	copy(key[:], m.Sum(nil))
	return key
}
