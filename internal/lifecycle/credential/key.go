package credential

import (
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
)

// The states of a signing key.
const (
	Signing stage.State = "signing" // new credentials are signed with it
	Retired stage.State = "retired" // what it signed goes on being verified with it
)

// KeyKind is the machine of a signing key (签名密钥).
var KeyKind = stage.Kind{
	Name: "signing_key", Label: "签名密钥", Start: Signing,
	Moves: []stage.Move{
		{From: Signing, Act: "retire", By: stage.Operator, To: Retired, Basis: "制度:密钥更换后旧公钥继续公布"},
	},
	Ends:  map[stage.State]bool{Retired: false},
	Words: map[string]string{"signing": "使用中", "retired": "已停用", "add": "启用", "retire": "停用"},
}

// Key is the public half of a signing key. It is never removed: without it nobody
// could check what it signed.
type Key struct {
	ID        string // its full identifier, did:web:…#…
	Base      string // the site's address when it was added, https://…
	Public    string // as publicKeyMultibase
	State     stage.State
	Since     time.Time
	RetiredAt time.Time
	Version   int64
}

var errKeyActor = fault.Define(fault.Refused, "credential.key.actor",
	"签名密钥由系统管理员启用和更换，%s不能办理。", "制度:密钥由系统管理员保管")

// Add brings a key into use.
func Add(by stage.Actor, k Key, now time.Time) (*Key, stage.Move, error) {
	m := stage.Move{Act: "add", By: by.Role, To: Signing, Basis: "制度:密钥更换后旧公钥继续公布"}
	if by.Role != stage.Operator {
		return nil, m, errKeyActor.New(by.Role.Word())
	}
	k.State, k.Since = Signing, now
	return &k, m, nil
}

// Retire takes a key out of use, for another.
func (k *Key) Retire(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := KeyKind.Step(k.State, "retire", by.Role)
	if err == nil {
		k.State, k.RetiredAt = m.To, now
	}
	return m, err
}
