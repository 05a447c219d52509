package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// The store's own types, so that the doors need not know the store.
type (
	Account       = store.Account
	Grant         = store.Grant
	AccountFilter = store.AccountFilter
)

// The states of an account.
const (
	AccountInvited  stage.State = "invited"  // has no password yet
	AccountActive   stage.State = "active"   // may sign in
	AccountDisabled stage.State = "disabled" // may not; its sessions have ended
)

// AccountKind is the machine of an account. Accounts are no chapter of the
// life, but what may happen to them stands in a table all the same.
var AccountKind = stage.Kind{
	Name: "account", Label: "账号", Start: AccountInvited,
	Moves: []stage.Move{
		{From: AccountInvited, Act: "invite", By: stage.Operator, To: AccountInvited, Basis: "制度:账号凭邀请开通"},
		{From: AccountInvited, Act: "join", By: stage.Public, To: AccountActive, Basis: "制度:账号凭邀请开通"},
		{From: AccountInvited, Act: "grant", By: stage.Operator, To: AccountInvited, Basis: "制度:按岗授权"},
		{From: AccountInvited, Act: "disable", By: stage.Operator, To: AccountDisabled, Basis: "制度:离岗即停用"},
		{From: AccountActive, Act: "invite", By: stage.Operator, To: AccountActive, Basis: "制度:忘记密码凭邀请重设"},
		{From: AccountActive, Act: "join", By: stage.Public, To: AccountActive, Basis: "制度:忘记密码凭邀请重设"},
		{From: AccountActive, Act: "login", By: stage.Public, To: AccountActive, Basis: "制度:凭密码登录"},
		{From: AccountActive, Act: "refuse", By: stage.Public, To: AccountActive, Basis: "制度:凭密码登录"},
		{From: AccountActive, Act: "logout", By: stage.Public, To: AccountActive, Basis: "制度:凭密码登录"},
		{From: AccountActive, Act: "switch", By: stage.Public, To: AccountActive, Basis: "制度:一次只以一个角色办理"},
		{From: AccountActive, Act: "make_token", By: stage.Public, To: AccountActive, Basis: "制度:凭证有期限"},
		{From: AccountActive, Act: "revoke_token", By: stage.Public, To: AccountActive, Basis: "制度:凭证有期限"},
		{From: AccountActive, Act: "save_view", By: stage.Public, To: AccountActive, Basis: "制度:汇总表视图归本人"},
		{From: AccountActive, Act: "rename_view", By: stage.Public, To: AccountActive, Basis: "制度:汇总表视图归本人"},
		{From: AccountActive, Act: "remove_view", By: stage.Public, To: AccountActive, Basis: "制度:汇总表视图归本人"},
		{From: AccountActive, Act: "set_mail", By: stage.Public, To: AccountActive, Basis: "制度:邮箱地址由本人验证"},
		{From: AccountActive, Act: "verify_mail", By: stage.Public, To: AccountActive, Basis: "制度:邮箱地址由本人验证"},
		{From: AccountActive, Act: "subscribe", By: stage.Public, To: AccountActive, Basis: "制度:凭证可以收回"},
		{From: AccountActive, Act: "unsubscribe", By: stage.Public, To: AccountActive, Basis: "制度:凭证可以收回"},
		{From: AccountActive, Act: "grant", By: stage.Operator, To: AccountActive, Basis: "制度:按岗授权"},
		{From: AccountActive, Act: "disable", By: stage.Operator, To: AccountDisabled, Basis: "制度:离岗即停用"},
		{From: AccountDisabled, Act: "enable", By: stage.Operator, To: AccountActive, Basis: "制度:离岗即停用"},
	},
	Ends: map[stage.State]bool{},
	Words: map[string]string{
		"invited": "待开通", "active": "使用中", "disabled": "已停用",
		"add": "添加", "invite": "发出邀请", "join": "设置密码", "login": "登录", "refuse": "拒绝登录", "logout": "退出", "switch": "切换角色", "make_token": "新建令牌", "revoke_token": "收回令牌", "save_view": "保存汇总表视图", "rename_view": "改汇总表视图的名字", "remove_view": "删去汇总表视图", "set_mail": "设置消息", "verify_mail": "验证邮箱", "subscribe": "订阅日历", "unsubscribe": "停止订阅", "grant": "授权", "disable": "停用", "enable": "恢复使用",
	},
}

// AccountState returns where an account is.
func AccountState(a Account) stage.State {
	switch {
	case a.Disabled:
		return AccountDisabled
	case a.Password == "":
		return AccountInvited
	}
	return AccountActive
}

var (
	errAccountLogin = fault.Define(fault.Invalid, "account.add.login",
		"登录名用2至40个字母、数字、点、横线或者汉字。", "")
	errAccountTaken = fault.Define(fault.Invalid, "account.add.taken",
		"登录名“%s”已被使用，换一个。", "")
	errAccountName = fault.Define(fault.Invalid, "account.add.name",
		"姓名或者岗位名称用1至40个字。", "")
	errAccountRole = fault.Define(fault.Invalid, "account.grant.role",
		"没有角色“%s”。", "制度:按岗授权")
	errAccountOrganisation = fault.Define(fault.Invalid, "account.grant.organisation",
		"申报单位经办人的授权要写明单位。", "制度:按岗授权")
	errAccountNoGrant = fault.Define(fault.Invalid, "account.grant.none",
		"至少授予一个角色。不再使用的账号请停用。", "制度:按岗授权")
)

// Console acts when somebody uses the command line of the machine itself.
var Console = stage.Actor{Account: "console", Role: stage.Operator}

// ConsoleOffice does at the command line what the office does: bringing in its
// register.
var ConsoleOffice = stage.Actor{Account: "console", Role: stage.Clerk}

// NewAccount is what one says about a new account.
type NewAccount struct {
	Login    string // any case; kept lower
	Name     string
	Grants   []Grant
	Password string // empty: the person sets it through an invitation
}

// AddAccount adds an account with its grants. With a password the account is
// usable at once, for the command line and for tests; without one it waits for
// an invitation. Only an operator may.
func (d *Desk) AddAccount(ctx context.Context, by stage.Actor, in NewAccount) (added id.Account, err error) {
	defer fault.Wrap(&err, "casework.AddAccount")
	if err := operator(by); err != nil {
		return "", err
	}
	a := Account{Login: NormalLogin(in.Login), Name: strings.TrimSpace(in.Name), Grants: in.Grants}
	if err := fault.All(checkLogin(a.Login), checkName(a.Name), checkGrants(a.Grants)); err != nil {
		return "", err
	}
	if in.Password != "" {
		if a.Password, err = newPassword(a, in.Password); err != nil {
			return "", err
		}
	}
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		if _, err := tx.AccountByLogin(a.Login); fault.KindOf(err) != fault.NotFound {
			if err == nil {
				err = errAccountTaken.At("login", a.Login)
			}
			return record.Entry{}, err
		}
		a.ID = id.New[id.Account](d.Rand)
		e := d.entry(by, AccountKind, string(a.ID), stage.Move{Act: "add", To: AccountState(a), Basis: "制度:按岗授权"}, now)
		e.Facts = grantFacts(a.Grants)
		return e, tx.AddAccount(&a)
	})
	return a.ID, err
}

// operator refuses everybody who is not an operator.
func operator(by stage.Actor) error {
	if by.Role != stage.Operator {
		return fault.Missing()
	}
	return nil
}

// NormalLogin returns a login name as it is kept: NFKC, lower case, no blanks
// around it.
func NormalLogin(s string) string { return strings.ToLower(strings.TrimSpace(norm.NFKC.String(s))) }

func checkLogin(s string) *fault.Fault {
	n := utf8.RuneCountInString(s)
	odd := strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-_@", r)
	})
	if n < 2 || n > 40 || odd || !utf8.ValidString(s) {
		return errAccountLogin.At("login")
	}
	return nil
}

func checkName(s string) *fault.Fault {
	n := utf8.RuneCountInString(s)
	if n < 1 || n > 40 || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return errAccountName.At("name")
	}
	return nil
}

// checkGrants wants at least one grant, of roles that people can hold; an
// applicant acts for one organisation.
func checkGrants(grants []Grant) *fault.Fault {
	if len(grants) == 0 {
		return errAccountNoGrant.At("role")
	}
	for _, g := range grants {
		if !slices.Contains(stage.Roles, g.Role) || g.Role == stage.Clock || g.Role == stage.Public {
			return errAccountRole.At("role", g.Role)
		}
		if g.Role == stage.Applicant && g.Organisation == "" {
			return errAccountOrganisation.At("organisation")
		}
	}
	return nil
}

// grantFacts says in the record which roles an account holds where.
func grantFacts(grants []Grant) map[string]string {
	facts := map[string]string{}
	for i, g := range grants {
		facts[fmt.Sprintf("grant%d", i+1)] = strings.TrimRight(fmt.Sprintf("%s %s %s", g.Role, g.Programme, g.Organisation), " ")
	}
	return facts
}
