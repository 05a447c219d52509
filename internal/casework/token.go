package casework

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Bounds of tokens.
const (
	TokensMost  = 20  // a person
	TokenDays   = 365 // the longest that one holds
	tokenKept   = 30 * 24 * time.Hour
	tokenPrefix = "shf_" // so that a token is known for one where it should not be
)

// Token is the store's, so that the doors need not know the store.
type Token = store.Token

// Chapters are the words by which programs reach the life, in its order, each with
// what it is called.
var Chapters = [][2]string{
	{"programmes", "方案"},
	{"rounds", "年度批次"},
	{"calls", "通知"},
	{"organisations", "单位"},
	{"applications", "申报"},
	{"evidence", "佐证材料"},
	{"reviews", "初审"},
	{"draws", "抽取"},
	{"calibrations", "校准练习"},
	{"visits", "实地考核"},
	{"meetings", "会议"},
	{"ballots", "表决"},
	{"publicities", "公示"},
	{"objections", "异议"},
	{"misuses", "滥用线索"},
	{"namings", "命名"},
	{"numbers", "文号"},
	{"documents", "发文"},
	{"designations", "称号"},
	{"plaques", "牌匾"},
	{"plans", "年度复查计划"},
	{"rechecks", "复查"},
	{"rectifications", "整改"},
	{"revocations", "撤销"},
	{"stories", "先进事迹"},
	{"statistics", "统计"},
	{"tabulations", "汇总表"},
	{"ledgers", "工作台账"},
	{"rosters", "名册导入"},
	{"interests", "回避申报"},
	{"calendar", "日历"},
	{"accounts", "账号"},
	{"record", "存证日志"},
	{"messages", "消息"},
	{"webhooks", "消息推送"},
}

var (
	errToken = fault.Define(fault.Forbidden, "token.unknown",
		"令牌不存在、已过期或者已收回，或者账号已停用、不再担任这个角色。请在“我的账号”里另建一个。", "制度:按岗授权")
	errTokenName = fault.Define(fault.Invalid, "token.name",
		"写明令牌给什么程序用，1至40个字，例如 汇总程序。", "")
	errTokenScope = fault.Define(fault.Invalid, "token.scope",
		"没有范围“%s”。写 read、write，或者只对一章的 visits:read、visits:write。", "")
	errTokenNoScope = fault.Define(fault.Invalid, "token.scope.none",
		"至少选一项范围，令牌才有用处。", "")
	errTokenDays = fault.Define(fault.Invalid, "token.days",
		"有效天数填1至%d，现在是%d。", "制度:凭证有期限")
	errTokenMany = fault.Define(fault.Refused, "token.many",
		"一个账号最多%d个令牌。请先收回不用的。", "制度:凭证有期限")
)

// NewToken is what a person says about a token that they make.
type NewToken struct {
	Name   string   // what it is for
	Scopes []string // "read", "write", or one chapter's: "visits:read"
	Days   int      // how long it holds, 1 to TokenDays
}

// MayScope reports whether scopes let a program read a chapter, or write in it. Who may
// write may read.
func MayScope(scopes []string, chapter string, write bool) bool {
	return slices.ContainsFunc(scopes, func(s string) bool {
		where, what, narrow := strings.Cut(s, ":")
		if !narrow {
			what = s
		}
		return (!narrow || where == chapter) && (what == "write" || what == "read" && !write)
	})
}

func checkScope(s string) *fault.Fault {
	where, what, narrow := strings.Cut(s, ":")
	if !narrow {
		what = s
	}
	known := what == "read" || what == "write"
	if narrow {
		known = known && slices.ContainsFunc(Chapters, func(c [2]string) bool { return c[0] == where })
	}
	return fault.Unless(known, errTokenScope.At("scopes", s))
}

func (in NewToken) check() error {
	faults := []*fault.Fault{
		fault.Unless(in.Name != "" && utf8.RuneCountInString(in.Name) <= 40, errTokenName.At("name")),
		fault.Unless(len(in.Scopes) > 0, errTokenNoScope.At("scopes")),
		fault.Unless(in.Days >= 1 && in.Days <= TokenDays, errTokenDays.At("days", TokenDays, in.Days)),
	}
	for _, s := range in.Scopes {
		faults = append(faults, checkScope(s))
	}
	return fault.All(faults...)
}

// MakeToken makes a token by which a program acts as the person who is signed in, in
// the role that they act in now. The token itself is returned once and kept nowhere.
func (d *Desk) MakeToken(ctx context.Context, who SignedIn, in NewToken) (token string, made Token, err error) {
	defer fault.Wrap(&err, "casework.MakeToken")
	in.Name = strings.TrimSpace(in.Name)
	if err := in.check(); err != nil {
		return "", made, err
	}
	slices.Sort(in.Scopes)
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		a, err := tx.Account(who.Account.ID)
		if err != nil {
			return record.Entry{}, err
		}
		if a.Disabled || !slices.Contains(a.Grants, who.Session.Grant) {
			return record.Entry{}, errToken.New()
		}
		all, err := tx.TokensOf(a.ID)
		if err != nil {
			return record.Entry{}, err
		}
		if len(all) >= TokensMost {
			return record.Entry{}, errTokenMany.New(TokensMost)
		}
		now := d.wall()
		token = tokenPrefix + d.token()
		made = Token{
			ID: id.New[id.Token](d.Rand), Account: a.ID, Name: in.Name, Hash: hashed(token), Grant: who.Session.Grant,
			Scopes: slices.Compact(in.Scopes), MadeAt: now, Expires: now.AddDate(0, 0, in.Days),
		}
		return d.tokenEntry(who, a, "make_token", made), tx.AddToken(&made)
	})
	return token, made, err
}

// tokenEntry is the record's line for an act on a person's own token.
func (d *Desk) tokenEntry(who SignedIn, a Account, act string, t Token) record.Entry {
	e := d.accountEntry(who.Actor(), act, a, AccountState(a))
	e.Facts = map[string]string{"scopes": strings.Join(t.Scopes, " ")}
	return e
}

// Tokens lists the tokens of the person who is signed in, the latest first; those that
// expired lately too.
func (d *Desk) Tokens(ctx context.Context, who SignedIn) (all []Token, now time.Time, err error) {
	defer fault.Wrap(&err, "casework.Tokens")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.TokensOf(who.Account.ID)
		return err
	})
	return all, d.wall(), err
}

// OwnToken returns a token of the person who is signed in; another's is missing.
func (d *Desk) OwnToken(ctx context.Context, who SignedIn, key id.Token) (t Token, err error) {
	defer fault.Wrap(&err, "casework.OwnToken")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		t, err = ownToken(tx, who, key)
		return err
	})
	return t, err
}

func ownToken(tx *store.Tx, who SignedIn, key id.Token) (Token, error) {
	t, err := tx.Token(key)
	if err == nil && t.Account != who.Account.ID {
		err = fault.Missing()
	}
	return t, err
}

// RevokeToken makes a token of the person who is signed in worthless at once.
func (d *Desk) RevokeToken(ctx context.Context, who SignedIn, key id.Token) (err error) {
	defer fault.Wrap(&err, "casework.RevokeToken")
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		t, err := ownToken(tx, who, key)
		if err != nil {
			return record.Entry{}, err
		}
		return d.tokenEntry(who, who.Account, "revoke_token", t), tx.RemoveToken(key)
	})
}

// Bearer returns the token that a program shows, and as whom it acts. One that is
// unknown, expired or revoked is refused, and so is one whose account was disabled or
// lost the grant.
func (d *Desk) Bearer(ctx context.Context, token string) (t Token, by stage.Actor, err error) {
	defer fault.Wrap(&err, "casework.Bearer")
	if !strings.HasPrefix(token, tokenPrefix) || len(token) > 100 {
		return t, by, errToken.New()
	}
	var a Account
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		if t, err = tx.TokenByHash(hashed(token)); err != nil {
			return err
		}
		a, err = tx.Account(t.Account)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		err = errToken.New()
	}
	if err != nil {
		return t, by, err
	}
	if a.Disabled || !t.Expires.After(d.wall()) || !slices.Contains(a.Grants, t.Grant) {
		return t, by, errToken.New()
	}
	return t, a.Actor(t.Grant), nil
}

// endTokens makes all tokens of an account worthless, and its calendars too.
func endTokens(tx *store.Tx, account id.Account) error {
	all, err := tx.TokensOf(account)
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := tx.RemoveToken(t.ID); err != nil {
			return err
		}
	}
	calendars, err := tx.FeedsOf(account)
	for _, f := range calendars {
		err = errors.Join(err, tx.RemoveFeed(f.ID))
	}
	return err
}

// forgetTokens forgets tokens and answers that have been worth nothing for a while, and
// says how many there are; remove says whether to.
func (d *Desk) forgetTokens(tx *store.Tx, remove bool) (n int, err error) {
	old, err := tx.TokensBefore(d.wall().Add(-tokenKept))
	if err != nil {
		return 0, err
	}
	said, err := tx.AnswersBefore(d.wall())
	if err != nil || !remove {
		return len(old) + len(said), err
	}
	for _, t := range old {
		if err := tx.RemoveToken(t.ID); err != nil {
			return 0, err
		}
	}
	for _, a := range said {
		if err := tx.RemoveAnswer(a.Key); err != nil {
			return 0, err
		}
	}
	return len(old) + len(said), nil
}
