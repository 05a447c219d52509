package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Feed is the store's, so that the doors need not know the store.
type Feed = store.Feed

// FeedsMost is how many calendars a person has at most.
const FeedsMost = 5

var errFeeds = fault.Define(fault.Refused, "feed.many", "一个账号最多%d个日历订阅。请先停止不用的。", "制度:凭证可以收回")

// Subscribe makes the address of a calendar of what the person who is signed in has to
// do, in the role that they act in. The token in it is returned once and kept nowhere.
func (d *Desk) Subscribe(ctx context.Context, who SignedIn) (token string, err error) {
	defer fault.Wrap(&err, "casework.Subscribe")
	token = "shc_" + d.token()
	f := Feed{ID: id.New[id.Feed](d.Rand), Account: who.Account.ID, Hash: hashed(token), Grant: who.Session.Grant}
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		a, err := tx.Account(f.Account)
		if err != nil {
			return record.Entry{}, err
		}
		all, err := tx.FeedsOf(a.ID)
		if err != nil {
			return record.Entry{}, err
		}
		if len(all) >= FeedsMost {
			return record.Entry{}, errFeeds.New(FeedsMost)
		}
		f.MadeAt = d.wall()
		return d.accountEntry(who.Actor(), "subscribe", a, AccountState(a)), tx.AddFeed(&f)
	})
	return token, err
}

// Unsubscribe makes the address of an own calendar worthless at once. Another's is missing.
func (d *Desk) Unsubscribe(ctx context.Context, who SignedIn, key id.Feed) (err error) {
	defer fault.Wrap(&err, "casework.Unsubscribe")
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		all, err := tx.FeedsOf(who.Account.ID)
		if err != nil {
			return record.Entry{}, err
		}
		if !slices.ContainsFunc(all, func(f Feed) bool { return f.ID == key }) {
			return record.Entry{}, fault.Missing()
		}
		return d.accountEntry(who.Actor(), "unsubscribe", who.Account, AccountState(who.Account)), tx.RemoveFeed(key)
	})
}

// Feeds lists the calendars of the person who is signed in.
func (d *Desk) Feeds(ctx context.Context, who SignedIn) (all []Feed, err error) {
	defer fault.Wrap(&err, "casework.Feeds")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.FeedsOf(who.Account.ID)
		return err
	})
	return all, err
}

// Due is a line of a calendar: what is to be done until when. It names nobody.
type Due struct {
	ID    string // the same as long as the thing waits for the same
	Stage string // 初审
	Thing string // its number; empty where it has none
	URL   string
	On    calendar.Date // the last day on which it is in time
}

// Calendared lists what falls due for whoever has the token of a calendar: what they see
// as their work now. A token that is unknown or revoked, or whose account was disabled
// or lost the role, is missing.
func (d *Desk) Calendared(ctx context.Context, token string) (all []Due, now time.Time, err error) {
	defer fault.Wrap(&err, "casework.Calendared")
	if len(token) > 100 {
		return nil, now, fault.Missing()
	}
	var f Feed
	var a Account
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		if f, err = tx.FeedByHash(hashed(token)); err != nil {
			return err
		}
		a, err = tx.Account(f.Account)
		return err
	}); err != nil {
		return nil, now, err
	}
	if a.Disabled || !slices.Contains(a.Grants, f.Grant) {
		return nil, now, fault.Missing()
	}
	work, err := d.Work(ctx, a.Actor(f.Grant))
	once := map[string]bool{}
	for _, w := range work {
		key := hashed(w.URL + " " + w.Stage + " " + w.Thing)[:24]
		if !w.Due.IsZero() && !once[key] {
			once[key] = true
			all = append(all, Due{ID: key, Stage: w.Stage, Thing: w.Thing, URL: w.URL, On: calendar.DateOf(w.Due.Add(-time.Microsecond))})
		}
	}
	return all, d.Now(), err
}
