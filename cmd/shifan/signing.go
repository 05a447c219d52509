package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"shifan/internal/casework"
	vc "shifan/internal/credential"
	"shifan/internal/fault"
)

// The keys that sign credentials lie encrypted in the data folder, as the record's key
// lies there: who can write the database cannot sign. The passphrase comes from the
// environment; where nobody gives one, a random one lies beside the keys, which keeps a
// copy of the one file from being of use and no more. Every node of an installation
// needs the same files.
const (
	signingFile    = "signing.keys"
	passphraseFile = "signing.passphrase"
	passphraseVar  = "SHIFAN_KEY_PASSPHRASE"
)

// keyring is the signing keys of a data folder. A key that it does not know is looked
// for in the file once more: another process may have added it.
type keyring struct {
	data *data
	one  sync.Mutex
	ring *vc.Ring
}

// Signer implements casework.Signers.
func (k *keyring) Signer(public string) vc.Signer {
	k.one.Lock()
	defer k.one.Unlock()
	if s := k.ring.Signer(public); s != nil {
		return s
	}
	if ring, err := k.data.ring(); err == nil {
		k.ring = ring
	}
	return k.ring.Signer(public)
}

// add makes another key and keeps it, and returns its public half.
func (k *keyring) add() (string, error) {
	k.one.Lock()
	defer k.one.Unlock()
	ring, err := k.data.ring()
	if err != nil {
		return "", err
	}
	public, err := ring.Add(rand.Reader)
	if err != nil {
		return "", err
	}
	passphrase, rounds, err := k.data.passphrase()
	if err != nil {
		return "", err
	}
	text, err := ring.Seal(rand.Reader, passphrase, rounds)
	if err != nil {
		return "", err
	}
	if err := whole(filepath.Join(k.data.dir, signingFile), string(text)+"\n"); err != nil {
		return "", err
	}
	k.ring = ring
	return public, nil
}

// errPassphrase says that the file of keys stays shut.
var errPassphrase = errors.New("签名密钥文件 " + signingFile + " 打不开：环境变量 " + passphraseVar + " 或数据文件夹里的 " + passphraseFile + " 不是加密时用的那一个")

// ring reads the keys; none when there is no file.
func (d *data) ring() (*vc.Ring, error) {
	text, err := os.ReadFile(filepath.Join(d.dir, signingFile))
	if errors.Is(err, os.ErrNotExist) {
		return &vc.Ring{}, nil
	}
	if err != nil {
		return nil, err
	}
	passphrase, _, err := d.passphrase()
	if err != nil {
		return nil, err
	}
	ring, err := vc.OpenRing(text, passphrase)
	if errors.Is(err, vc.ErrPassphrase) {
		err = fmt.Errorf("%w（%w）", errPassphrase, err)
	}
	return ring, err
}

// passphrase returns what the keys are encrypted with, and how much work it costs.
func (d *data) passphrase() (string, int, error) {
	if p := os.Getenv(passphraseVar); p != "" {
		return p, vc.Rounds, nil
	}
	file := filepath.Join(d.dir, passphraseFile)
	text, err := os.ReadFile(file)
	if err == nil {
		return strings.TrimSpace(string(text)), 1, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", 0, err
	}
	var b [32]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails
	p := base64.RawURLEncoding.EncodeToString(b[:])
	return p, 1, whole(file, p+"\n")
}

// signing gives a desk the keys of the folder, and brings one into use when none is, or
// when the site has an address that none is for. given says that the address was given
// and not guessed: a guess never changes what is in use.
func (d *data) signing(ctx context.Context, desk *casework.Desk, base string, given bool) (warning string, err error) {
	ring, err := d.ring()
	if err != nil {
		return "", err
	}
	k := &keyring{data: d, ring: ring}
	desk.Signers = k
	if _, err := vc.DID(base); err != nil {
		return "网址 " + base + " 带有路径或不完整，不能用作电子凭证的签发地址，暂不签发电子凭证。用 --base-url 写明 https://域名", nil
	}
	used, err := desk.SigningKey(ctx)
	if err != nil {
		return "", err
	}
	if used.ID == "" || given && used.Base != strings.TrimSuffix(base, "/") {
		public := ring.Newest()
		if used.ID != "" || public == "" {
			if public, err = k.add(); err != nil {
				return "", err
			}
		}
		err = desk.UseSigningKey(ctx, casework.Console, base, public, used.ID)
		if fault.KindOf(err) != fault.Conflict {
			return "", err
		}
		if used, err = desk.SigningKey(ctx); err != nil { // another node was first
			return "", err
		}
	}
	if k.Signer(used.Public) == nil {
		warning = "数据文件夹里没有使用中的签名密钥，这台服务器不能出具电子凭证。把另一台服务器数据文件夹里的 " + signingFile + " 和 " + passphraseFile + " 复制过来"
	}
	return warning, nil
}

// sign gives a desk the keys of the folder and says what is missing.
func (d *data) sign(ctx context.Context, desk *casework.Desk, base string, given bool, stderr io.Writer) error {
	warning, err := d.signing(ctx, desk, base, given)
	if warning != "" {
		fmt.Fprintln(stderr, "shifan:", warning)
	}
	return err
}
