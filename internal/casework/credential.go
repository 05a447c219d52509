package casework

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	vc "shifan/internal/credential"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/credential"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Signers finds a signing key by its publicKeyMultibase; nil when it is not here. A
// credential.Ring is one, and so may be a token that gives no key away.
type Signers interface {
	Signer(public string) vc.Signer
}

var errNoSigner = fault.Define(fault.Unavailable, "credential.sign.no_key",
	"这台服务器没有这份电子凭证的签名密钥，暂时出具不了。称号和核验不受影响。系统管理员把签名密钥文件放进数据文件夹后即可出具。", "制度:签名密钥由系统管理员保管")

// UseSigningKey brings a key of a site into use, and retires the one before. It does
// nothing when the key is in use already. base is the site's address, public the key as
// publicKeyMultibase. A key belongs to one address for good, because what it signs names
// addresses: a site that moves takes a new key. was is the key that the caller saw in
// use, "" for none: when another one is by now, on another node, it is a conflict.
func (d *Desk) UseSigningKey(ctx context.Context, by stage.Actor, base, public, was string) (err error) {
	defer fault.Wrap(&err, "casework.UseSigningKey")
	base = strings.TrimSuffix(base, "/")
	did, err := vc.DID(base)
	if err != nil {
		return err
	}
	key := credential.Key{ID: did + "#" + public, Base: base, Public: public}
	if current, err := d.SigningKey(ctx); err != nil || current.ID == key.ID {
		return err
	}
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		before, err := tx.SigningKey()
		if (err == nil || fault.KindOf(err) == fault.NotFound) && before.ID != was {
			return record.Entry{}, fault.Stale()
		}
		if err == nil {
			m, err := before.Retire(by, now)
			if err != nil {
				return record.Entry{}, err
			}
			tx.Also(d.keyEntry(by, &before, m, now))
			err = tx.PutSigningKey(&before)
			if err != nil {
				return record.Entry{}, err
			}
		} else if fault.KindOf(err) != fault.NotFound {
			return record.Entry{}, err
		}
		made, m, err := credential.Add(by, key, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.keyEntry(by, made, m, now), tx.AddSigningKey(made)
	})
}

// SigningKey returns the key in use; the zero Key when there is none yet.
func (d *Desk) SigningKey(ctx context.Context) (k credential.Key, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		k, err = tx.SigningKey()
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return err
	})
	return k, err
}

func (d *Desk) keyEntry(by stage.Actor, k *credential.Key, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, credential.KeyKind, k.ID, m, now)
	e.Facts = map[string]string{"public": k.Public}
	return e
}

// credentialEntry is the line of the record for a move of a credential. It holds what
// was intended before anything is signed: the digest of what will be, the entry in the
// status list and the key.
func (d *Desk) credentialEntry(by stage.Actor, c *credential.Credential, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, credential.Kind, string(c.ID), m, now)
	e.Programme = c.Programme
	e.Facts = map[string]string{
		"designation": string(c.Designation), "digest": c.Digest, "key": c.Key, "list": fmt.Sprint(c.List), "index": fmt.Sprint(c.Place),
	}
	return e
}

// followCredential lets the credential of a title follow it, in the change that moved
// the title: nothing is signed here, so nothing here can fail for want of a key. While
// no key was ever brought into use no credential is issued; the clock makes up for it.
func (d *Desk) followCredential(tx *store.Tx, by stage.Actor, t *designation.Designation, now time.Time) error {
	o, err := tx.Organisation(t.Organisation)
	if err != nil {
		return err
	}
	return d.followFor(tx, by, t, &o, now)
}

// followHolder lets the credentials of an organisation's titles follow a change of its
// name or code.
func (d *Desk) followHolder(tx *store.Tx, by stage.Actor, o *organisation.Organisation, now time.Time) error {
	titles, err := tx.TitlesHeldBy(o)
	for i := range titles {
		if err := d.followFor(tx, by, &titles[i], o, now); err != nil {
			return err
		}
	}
	return err
}

func (d *Desk) followFor(tx *store.Tx, by stage.Actor, t *designation.Designation, o *organisation.Organisation, now time.Time) error {
	last, copies, err := lastCredential(tx, t.ID)
	if err != nil {
		return err
	}
	act, issue := credential.Follow(t, last, holderNow(o))
	if act != "" {
		m, err := last.End(by, act, now)
		if err != nil {
			return err
		}
		tx.Also(d.credentialEntry(by, last, m, now))
		if err := tx.PutCredential(last); err != nil {
			return err
		}
	}
	if !issue {
		return nil
	}
	made, err := d.intend(tx, t, o, copies+1, now)
	if err != nil || made == nil {
		return err
	}
	tx.Also(d.credentialEntry(by, made, credential.Issue(by), now))
	return tx.AddCredential(made)
}

// lastCredential returns the credential of a title that stands, nil for none, and how
// many it had.
func lastCredential(tx *store.Tx, key id.Designation) (last *credential.Credential, copies int, err error) {
	all, err := tx.CredentialsOf(key)
	if len(all) > 0 && all[0].State == credential.Issued {
		last = &all[0]
	}
	return last, len(all), err
}

func holderNow(o *organisation.Organisation) credential.Holder {
	return credential.Holder{Name: o.Name(), Code: o.Code}
}

// intend writes down what a title's next credential will say, with a fresh entry of a
// status list; nil while there is no key.
func (d *Desk) intend(tx *store.Tx, t *designation.Designation, o *organisation.Organisation, copies int, now time.Time) (*credential.Credential, error) {
	k, err := tx.SigningKey()
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p, err := programmeOfTitle(tx, t)
	if err != nil {
		return nil, err
	}
	c := &credential.Credential{
		ID: id.New[id.Credential](d.Rand), Programme: t.Programme, Designation: t.ID, Organisation: t.Organisation, State: credential.Issued, Copy: copies,
		Holder: o.Name(), Code: o.Code, ValidFrom: t.ValidFrom, ValidTo: t.ValidTo, Key: k.ID, IssuedAt: now.UTC().Truncate(time.Second),
	}
	if c.List, c.Place, err = d.statusEntry(tx, k); err != nil {
		return nil, err
	}
	claims := vc.Claims{
		ID: k.Base + "/credentials/" + string(c.ID), Issuer: issuerOf(k), IssuerName: p.Issuer.Name,
		Subject: k.Base + "/designations/" + string(t.ID), Holder: c.Holder, Code: c.Code, Number: t.Number,
		Title: p.Base, About: p.Issuer.Name + "命名的" + p.Base, Criteria: k.Base + "/guide/" + string(t.Programme),
		Narrative: "符合方案规定的条件，经" + words.Series(append(words.Examined(p), "公示")) + "，由" + p.Issuer.Name + "命名",
		List:      listURL(k, c.List), Index: c.Place,
	}
	if t.Basis != "" { // how it came to be named outside the system nobody knows here
		claims.Narrative = "由" + p.Issuer.Name + "以" + t.Basis + "命名"
	}
	claims.From, claims.Until = credential.Term(t)
	body, digest, err := claims.Intent()
	c.Body, c.Digest = string(body), digest
	return c, err
}

// issuerOf is the issuer's identifier, of which a key's begins with it.
func issuerOf(k credential.Key) string {
	did, _, _ := strings.Cut(k.ID, "#")
	return did
}

func listURL(k credential.Key, list int) string { return fmt.Sprintf("%s/status/%d", k.Base, list) }

// statusEntry draws a free entry of the status list that is being filled. A list that
// is half full, or of an address that the site had before, is followed by the next.
func (d *Desk) statusEntry(tx *store.Tx, k credential.Key) (list, place int, err error) {
	lists, err := tx.StatusLists()
	if err != nil {
		return 0, 0, err
	}
	list = 1
	if n := len(lists); n > 0 {
		last := lists[n-1]
		of, err := tx.SigningKeyNamed(last.Key)
		if err != nil {
			return 0, 0, err
		}
		size, err := tx.StatusListSize(last.List)
		if err != nil {
			return 0, 0, err
		}
		if list = last.List; size >= vc.ListFull || of.Base != k.Base {
			list++
		}
	}
	place, err = vc.FreeIndex(d.Rand, func(i int) (bool, error) { return tx.CredentialAt(list, i) })
	return list, place, err
}

// credentialsMost is how many credentials the clock issues at a time.
const credentialsMost = 200

// issueCredentials makes up for titles that began while there was no key.
func (d *Desk) issueCredentials(ctx context.Context, _ time.Time) (int, error) {
	if k, err := d.SigningKey(ctx); err != nil || k.ID == "" {
		return 0, err
	}
	return dueActs(ctx, d, func(tx *store.Tx) ([]designation.Designation, error) {
		return tx.DesignationsWithoutCredential(credentialsMost)
	}, func(t designation.Designation) error { return d.issueCredential(ctx, t.ID) })
}

var errIssuedAlready = fault.Define(fault.Refused, "credential.issue.already",
	"这个称号已有电子凭证，或者称号已经终止，不再签发。", "制度:一个称号同时只有一份有效凭证")

// issueCredential issues one as an act of the clock.
func (d *Desk) issueCredential(ctx context.Context, key id.Designation) (err error) {
	defer fault.Wrap(&err, "casework: credential.issue(%s)", key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		t, err := tx.Designation(key)
		if err != nil {
			return record.Entry{}, err
		}
		o, err := tx.Organisation(t.Organisation)
		if err != nil {
			return record.Entry{}, err
		}
		last, copies, err := lastCredential(tx, key)
		if err != nil {
			return record.Entry{}, err
		}
		if _, issue := credential.Follow(&t, last, holderNow(&o)); last != nil || !issue {
			return record.Entry{}, errIssuedAlready.New()
		}
		c, err := d.intend(tx, &t, &o, copies+1, now)
		if err != nil {
			return record.Entry{}, err
		}
		if c == nil {
			return record.Entry{}, errIssuedAlready.New()
		}
		return d.credentialEntry(stage.TheClock, c, credential.Issue(stage.TheClock), now), tx.AddCredential(c)
	})
}

// signatures keeps what was signed, which never changes, so that a page that is asked
// for often costs no signature each time.
type signatures struct {
	sync.Mutex
	texts map[id.Credential][]byte
}

// signaturesMost bounds what is kept, about 12 MB.
const signaturesMost = 4096

// signedCredential signs a credential as it was intended: the same bytes each time, on
// every node that has its key.
func (d *Desk) signedCredential(tx *store.Tx, c *credential.Credential) ([]byte, error) {
	d.signed.Lock()
	text := d.signed.texts[c.ID]
	d.signed.Unlock()
	if text != nil {
		return text, nil
	}
	k, err := tx.SigningKeyNamed(c.Key)
	if err != nil {
		return nil, err
	}
	by := d.signer(k)
	if by == nil {
		return nil, errNoSigner.New()
	}
	if text, err = vc.Issue([]byte(c.Body), by, k.ID, c.IssuedAt); err != nil {
		return nil, err
	}
	// A token that signs wrongly is noticed here and not by the first who checks.
	document, err := vc.Document(issuerOf(k), []vc.Method{{ID: k.ID, Key: k.Public}})
	if err != nil {
		return nil, err
	}
	none := vc.Sources{Now: c.IssuedAt, Document: func(string) []byte { return document }, List: func(string) []byte { return nil }}
	if r := vc.Verify(text, none); r.Signature.Result != vc.Holds {
		return nil, fmt.Errorf("the key %s signs what does not verify: %s", k.ID, r.Signature.Say)
	}
	d.signed.Lock()
	defer d.signed.Unlock()
	if len(d.signed.texts) >= signaturesMost || d.signed.texts == nil {
		d.signed.texts = map[id.Credential][]byte{}
	}
	d.signed.texts[c.ID] = text
	return text, nil
}

// signer returns the private half of a key, or nil when it is not on this machine.
func (d *Desk) signer(k credential.Key) vc.Signer {
	if d.Signers == nil {
		return nil
	}
	return d.Signers.Signer(k.Public)
}
