package casework

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	vc "shifan/internal/credential"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/credential"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// CredentialState is what the verification page says about a title's credential.
type CredentialState struct {
	credential.Credential      // the latest of the title
	Signed                bool // it can be signed here, and its signatures verify
	Copies                int  // how many the title had
}

// credentialState reads the latest credential of a title; nil when it never had one.
func (d *Desk) credentialState(tx *store.Tx, key id.Designation) (*CredentialState, error) {
	all, err := tx.CredentialsOf(key)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	s := &CredentialState{Credential: all[0], Copies: len(all)}
	if _, err = d.signedCredential(tx, &all[0]); fault.KindOf(err) == fault.Unavailable {
		return s, nil
	}
	s.Signed = err == nil
	return s, err
}

// CredentialText returns a credential as it is signed.
func (d *Desk) CredentialText(ctx context.Context, key id.Credential) (text []byte, err error) {
	defer fault.Wrap(&err, "casework.CredentialText(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Credential(key)
		if err != nil {
			return err
		}
		text, err = d.signedCredential(tx, &c)
		return err
	})
	return text, err
}

// latestByCode finds the latest credential of the title that a plaque stands for.
func latestByCode(tx *store.Tx, code string) (c credential.Credential, err error) {
	q, err := tx.PlaqueByCode(code)
	if err != nil {
		return c, err
	}
	all, err := tx.CredentialsOf(q.Designation)
	if err == nil && len(all) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return c, err
	}
	return all[0], nil
}

// CredentialByCode returns the latest credential of the title that a plaque stands for,
// as it is signed: fault.Missing when no plaque has the code, or no credential was
// issued yet.
func (d *Desk) CredentialByCode(ctx context.Context, code string) (text []byte, err error) {
	defer fault.Wrap(&err, "casework.CredentialByCode")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		c, err := latestByCode(tx, code)
		if err == nil {
			text, err = d.signedCredential(tx, &c)
		}
		return err
	})
	return text, err
}

// StatusList returns a status list, signed as of its last change: the same bytes until
// the next one.
func (d *Desk) StatusList(ctx context.Context, list int) (text []byte, err error) {
	defer fault.Wrap(&err, "casework.StatusList(%d)", list)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		text, err = d.statusList(tx, list)
		return err
	})
	return text, err
}

func (d *Desk) statusList(tx *store.Tx, list int) ([]byte, error) {
	first, set, err := tx.StatusList(list)
	if err != nil {
		return nil, err
	}
	of, err := tx.SigningKeyNamed(first.Key)
	if err != nil {
		return nil, err
	}
	keys, err := tx.SigningKeys()
	if err != nil {
		return nil, err
	}
	places := make([]int, len(set))
	for i, c := range set {
		places[i] = c.Place
	}
	l, err := vc.NewList(listURL(of, list), issuerOf(of), places, store.ListedAsOf(first, set))
	if err != nil {
		return nil, err
	}
	for _, k := range slices.Backward(keys) { // the newest of this issuer's
		if issuerOf(k) == issuerOf(of) {
			if by := d.signer(k); by != nil {
				return l.Sign(by, k.ID)
			}
		}
	}
	return nil, errNoSigner.New()
}

// IssuerDocument returns the DID document of the site as it is addressed now, or
// fault.Missing while it has no key.
func (d *Desk) IssuerDocument(ctx context.Context) (text []byte, err error) {
	defer fault.Wrap(&err, "casework.IssuerDocument")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		k, err := tx.SigningKey()
		if err == nil {
			text, err = issuerDocument(tx, issuerOf(k))
		}
		return err
	})
	return text, err
}

// issuerDocument lists every key that an issuer ever had, so that what a retired one
// signed still verifies.
func issuerDocument(tx *store.Tx, did string) ([]byte, error) {
	keys, err := tx.SigningKeys()
	if err != nil {
		return nil, err
	}
	var all []vc.Method
	for _, k := range keys {
		if issuerOf(k) == did {
			all = append(all, vc.Method{ID: k.ID, Key: k.Public})
		}
	}
	return vc.Document(did, all)
}

// CredentialProof proves that the intent to issue a plaque's credential is in the
// record: its digest, its entry in the status list and its key.
func (d *Desk) CredentialProof(ctx context.Context, code string) (text string, err error) {
	defer fault.Wrap(&err, "casework.CredentialProof")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		c, err := latestByCode(tx, code)
		if err != nil {
			return err
		}
		p, err := tx.ProveAct(stage.Anyone, string(c.ID), credential.Kind.Name+".issue")
		text = p.String()
		return err
	})
	return text, err
}

// kitReadme says how to verify without a network and without us.
const kitReadme = `核验包：不用网络、不用登录，核对一份称号的电子凭证

  credential.json      电子凭证（W3C 可验证凭证 2.0，Open Badges 3.0）
  did.json             签发单位公布的公钥，停用的也在里面
  %s        状态列表：凭证有没有作废，以列表的时间为准
  contexts/            凭证用到的两份 JSON-LD 上下文
  record-proof.txt     签发意向在存证日志中的证明（C2SP tlog-proof）；刚签发时可能还没有
  record-verifier.txt  存证日志的验证公钥

一、用本平台的程序（不联网）
  shifan credential verify credential.json
  逐行回答三个问题：签名是不是成立，是不是在有效期内，有没有作废。三项都成立，凭证才有效。

二、用别人的程序
  凭证带两个签名：eddsa-rdfc-2022 和 eddsa-jcs-2022，任何支持 W3C Data Integrity 的程序都能核对，
  例如 npm 的 @digitalbazaar/vc。核对时让它读本文件夹里的 did.json、状态列表和 contexts，不要联网。
  注意：有的程序只核对签名，已作废的凭证也显示“verified: true”，作废与否要另看状态列表的结果。

三、公钥可信吗
  did.json 要和签发单位网站上公布的一致：%s
  没有网络时，和您从前保存的一份，或者签发单位书面公布的公钥核对。

本包制作时的状态：%s
`

// CredentialKit is everything that verifying a plaque's credential needs, as a ZIP file:
// on a laptop with no network, or in twenty years.
func (d *Desk) CredentialKit(ctx context.Context, code string) (name string, b []byte, err error) {
	defer fault.Wrap(&err, "casework.CredentialKit")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		c, err := latestByCode(tx, code)
		if err != nil {
			return err
		}
		t, err := tx.Designation(c.Designation)
		if err != nil {
			return err
		}
		files, err := d.kitFiles(tx, &c, &t)
		if err == nil {
			name = "credential-" + t.Number + ".zip"
			b, err = zipped(files, c.IssuedAt)
		}
		return err
	})
	return name, b, err
}

// kitFile is one file of the kit.
type kitFile struct {
	name string
	text []byte
}

func (d *Desk) kitFiles(tx *store.Tx, c *credential.Credential, t *designation.Designation) ([]kitFile, error) {
	k, err := tx.SigningKeyNamed(c.Key)
	if err != nil {
		return nil, err
	}
	text, err := d.signedCredential(tx, c)
	if err != nil {
		return nil, err
	}
	document, err := issuerDocument(tx, issuerOf(k))
	if err != nil {
		return nil, err
	}
	listed, err := d.statusList(tx, c.List)
	if err != nil {
		return nil, err
	}
	list := ListFile(c.List)
	state := fmt.Sprintf("称号%s，编号%s，凭证%s", designation.Kind.Word(string(t.State)), t.Number, credential.Kind.Word(string(c.State)))
	files := []kitFile{
		{"说明.txt", fmt.Appendf(nil, kitReadme, list, k.Base+"/.well-known/did.json", state)},
		{"credential.json", text},
		{"did.json", document},
		{list, listed},
	}
	for _, address := range slices.Sorted(maps.Keys(vc.Contexts())) {
		files = append(files, kitFile{ContextFile(address), vc.Contexts()[address]})
	}
	return d.withProof(tx, c, files)
}

// withProof adds the proof that the intent is in the record, once the record has come
// so far.
func (d *Desk) withProof(tx *store.Tx, c *credential.Credential, files []kitFile) ([]kitFile, error) {
	p, err := tx.ProveAct(stage.Anyone, string(c.ID), credential.Kind.Name+".issue")
	if fault.KindOf(err) == fault.NotFound {
		return files, nil
	}
	if err != nil {
		return nil, err
	}
	h, err := tx.Head()
	return append(files, kitFile{"record-proof.txt", []byte(p.String())}, kitFile{"record-verifier.txt", []byte(h.Verifier + "\n")}), err
}

// ListFile is how a status list is called as a file.
func ListFile(list int) string { return fmt.Sprintf("status-%d.json", list) }

// ContextFile is how a JSON-LD context is called as a file.
func ContextFile(address string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(address, "https://"), ".json")
	return "contexts/" + strings.ReplaceAll(name, "/", "-") + ".json"
}

// zipped packs files; the same files are the same bytes.
func zipped(files []kitFile, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: at.UTC()})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.text); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// CredentialFile is one credential with what it is of, for those who write all of them.
type CredentialFile struct {
	Number string // of the title
	State  stage.State
	Text   []byte
}

// EveryCredential gives the latest credential of every title, by number, the issuer's
// document and the status lists by number: what a holder of all of them would hold.
func (d *Desk) EveryCredential(ctx context.Context) (all []CredentialFile, document []byte, lists map[int][]byte, err error) {
	defer fault.Wrap(&err, "casework.EveryCredential")
	lists = map[int][]byte{}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		k, err := tx.SigningKey()
		if err != nil {
			return err
		}
		if document, err = issuerDocument(tx, issuerOf(k)); err != nil {
			return err
		}
		latest, err := tx.LatestCredentials()
		for _, c := range latest {
			t, err := tx.Designation(c.Designation)
			if err != nil {
				return err
			}
			text, err := d.signedCredential(tx, &c)
			if err != nil {
				return err
			}
			all = append(all, CredentialFile{t.Number, c.State, text})
			if lists[c.List] == nil {
				if lists[c.List], err = d.statusList(tx, c.List); err != nil {
					return err
				}
			}
		}
		return err
	})
	return all, document, lists, err
}
