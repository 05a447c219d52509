package message

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// The states of a hook.
const (
	On  stage.State = "on"
	Off stage.State = "off"
	// Gone is where a hook is that was removed, with its address and its secret.
	Gone stage.State = "gone"
)

const hooked = "制度:消息推送由办公室负责人或者系统管理员设置"

// HookKind is the machine of a hook.
var HookKind = stage.Kind{
	Name: "webhook", Label: "消息推送", Start: On,
	Moves: []stage.Move{
		{From: On, Act: "test", By: stage.Director, To: On, Basis: hooked},
		{From: On, Act: "test", By: stage.Operator, To: On, Basis: hooked},
		{From: On, Act: "stop", By: stage.Director, To: Off, Basis: hooked},
		{From: On, Act: "stop", By: stage.Operator, To: Off, Basis: hooked},
		{From: Off, Act: "start", By: stage.Director, To: On, Basis: hooked},
		{From: Off, Act: "start", By: stage.Operator, To: On, Basis: hooked},
		{From: On, Act: "rotate", By: stage.Director, To: On, Basis: hooked},
		{From: On, Act: "rotate", By: stage.Operator, To: On, Basis: hooked},
		{From: Off, Act: "rotate", By: stage.Director, To: Off, Basis: hooked},
		{From: Off, Act: "rotate", By: stage.Operator, To: Off, Basis: hooked},
		{From: On, Act: "shut", By: stage.Clock, To: On, Basis: "制度:密钥加密保存"},
		{From: Off, Act: "shut", By: stage.Clock, To: Off, Basis: "制度:密钥加密保存"},
		{From: On, Act: "remove", By: stage.Director, To: Gone, Basis: hooked},
		{From: On, Act: "remove", By: stage.Operator, To: Gone, Basis: hooked},
		{From: Off, Act: "remove", By: stage.Director, To: Gone, Basis: hooked},
		{From: Off, Act: "remove", By: stage.Operator, To: Gone, Basis: hooked},
	},
	Ends:  map[stage.State]bool{Gone: false},
	Words: map[string]string{"on": "使用中", "off": "已停用", "gone": "已移除", "add": "添加", "test": "试发", "stop": "停用", "start": "恢复使用", "remove": "移除", "rotate": "更换密钥", "shut": "加密密钥"},
}

// Hook is a program or a robot that a programme tells of what happens.
type Hook struct {
	ID        id.Hook
	Programme id.Programme
	Name      string
	Channel   string    // Webhook, WeCom or DingTalk
	Address   string    // the URL
	Secret    string    // signs what is sent; in the database it is shut
	SecretAt  time.Time // since when it is the secret; zero: since it was added
	Kinds     []string
	State     stage.State
	MadeAt    time.Time
	Version   int64
}

// HooksMost is how many hooks a programme has at most.
const HooksMost = 10

var (
	errHookName    = fault.Define(fault.Invalid, "webhook.name", "写明推送给谁，1至40字，例如 办公室工作群。", "")
	errHookChannel = fault.Define(fault.Invalid, "webhook.channel", "没有这种推送方式。请选择一种。", "")
	errHookURL     = fault.Define(fault.Invalid, "webhook.url", "推送地址要以 https:// 开头，写公网的域名，不带用户名和端口以外的附加内容。", "制度:消息只推送到公网的加密地址")
	errHookPrivate = fault.Define(fault.Invalid, "webhook.private", "推送地址在内部网络，不能推送。请写公网地址；确需推送到内部系统的，请系统管理员在启动参数 --hook-allow 里列出。", "制度:消息只推送到公网的加密地址")
	errHookRobot   = fault.Define(fault.Invalid, "webhook.robot", "%s的推送地址应以 %s 开头。请从群机器人的设置里复制。", "")
	errHookSecret  = fault.Define(fault.Invalid, "webhook.secret", "钉钉机器人要填“加签”的密钥，以 SEC 开头。", "")
	errHookNone    = fault.Define(fault.Refused, "webhook.rotate.none", "企业微信群机器人没有单独的密钥，密钥就在地址里。要更换，在群里重新生成地址，移除本推送后重新添加。", hooked)
	errHookKinds   = fault.Define(fault.Invalid, "webhook.kinds", "至少选一种消息。", "")
	errHookMany    = fault.Define(fault.Refused, "webhook.many", "一个方案最多%d个消息推送。请先移除不用的。", hooked)
)

// Robots says with what the address of each kind of robot begins.
var Robots = map[string]string{WeCom: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", DingTalk: "https://oapi.dingtalk.com/robot/send?access_token="}

// Check says what is wrong with a hook. allowed are the hosts, with their port where it
// is not the usual one, that the machine's administrator lets it write to though they
// are within the network or not encrypted.
func (h *Hook) Check(allowed []string) error {
	n := chars.Count(h.Name)
	faults := []*fault.Fault{
		fault.Unless(n >= 1 && n <= 40, errHookName.At("name")),
		fault.Unless(h.Channel == Webhook || Robots[h.Channel] != "", errHookChannel.At("channel")),
		fault.Unless(h.signs(h.Secret), errHookSecret.At("secret")),
		fault.Unless(len(h.Kinds) > 0 && !slices.ContainsFunc(h.Kinds, func(k string) bool { return !slices.Contains(HookKinds(), k) }), errHookKinds.At("kinds")),
	}
	host, f := CheckURL(h.Address, allowed)
	faults = append(faults, f)
	if begin := Robots[h.Channel]; f == nil && begin != "" && !slices.Contains(allowed, host) {
		faults = append(faults, fault.Unless(strings.HasPrefix(h.Address, begin), errHookRobot.At("url", Channels[h.Channel], begin)))
	}
	return fault.All(faults...)
}

// CheckURL refuses addresses that are not public and encrypted, unless their host is
// allowed. What a name stands for is asked again when something is sent: see Public.
func CheckURL(address string, allowed []string) (host string, f *fault.Fault) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || len(address) > 500 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errHookURL.At("url")
	}
	if slices.Contains(allowed, u.Host) && (u.Scheme == "http" || u.Scheme == "https") {
		return u.Host, nil
	}
	if u.Scheme != "https" {
		return "", errHookURL.At("url")
	}
	name := u.Hostname()
	ip, err := netip.ParseAddr(name)
	if err == nil && !Public(ip) || name == "localhost" || strings.HasSuffix(name, ".localhost") || err != nil && !strings.Contains(name, ".") {
		return "", errHookPrivate.At("url")
	}
	return u.Host, nil
}

// shared are ranges that are not private by name and yet no public host (RFC 6598, 6890,
// 3849, 6052, 3056).
var shared = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"),
}

// Public reports whether an address is that of a host which anybody may reach.
func Public(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsValid() && ip.IsGlobalUnicast() && !ip.IsPrivate() && !slices.ContainsFunc(shared, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Add checks a new hook.
func (h *Hook) Add(by stage.Actor, others int, allowed []string, now time.Time) (stage.Move, error) {
	if by.Role != stage.Director && by.Role != stage.Operator {
		return stage.Move{}, fault.Missing()
	}
	if err := h.Check(allowed); err != nil {
		return stage.Move{}, err
	}
	if others >= HooksMost {
		return stage.Move{}, errHookMany.New(HooksMost)
	}
	h.State, h.MadeAt = On, now
	return stage.Move{Act: "add", By: by.Role, To: On, Basis: hooked}, nil
}

// Act stops, starts, tests or removes a hook.
func (h *Hook) Act(by stage.Actor, act string) (stage.Move, error) {
	m, err := HookKind.Step(h.State, act, by.Role)
	if err == nil {
		h.State = m.To
	}
	return m, err
}

// signs reports whether a secret is one that the receiver knows as such.
func (h *Hook) signs(secret string) bool {
	return h.Channel != DingTalk || strings.HasPrefix(secret, "SEC")
}

// Rotate replaces the secret by a new one: made here for a program, and of a DingTalk robot
// as its group has it. What is on its way and was signed with the old one is signed anew
// with the next attempt.
func (h *Hook) Rotate(by stage.Actor, secret string, now time.Time) (stage.Move, error) {
	m, err := h.Act(by, "rotate")
	switch {
	case err != nil:
		return m, err
	case h.Channel == WeCom:
		return m, errHookNone.New()
	case !h.signs(secret):
		return m, errHookSecret.At("secret")
	}
	h.Secret, h.SecretAt = secret, now
	return m, nil
}
