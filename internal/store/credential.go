package store

import (
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/credential"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/organisation"
)

// Credentials and the keys that sign them are public: whoever has one was given it to
// show. So these reads take no viewer.

var credentials = table[credential.Credential]{
	name: "credentials",
	columns: []string{
		"id", "programme", "designation", "organisation", "state", "copy", "holder", "code", "valid_from", "valid_to",
		"key", "list", "place", "body", "digest", "issued_at", "ended_at", "version",
	},
	fields: func(c *credential.Credential) []any {
		return []any{
			&c.ID, &c.Programme, &c.Designation, &c.Organisation, &c.State, &c.Copy, &c.Holder, &c.Code, asDate(&c.ValidFrom), asDate(&c.ValidTo),
			&c.Key, &c.List, &c.Place, &c.Body, &c.Digest, asTime(&c.IssuedAt), asTime(&c.EndedAt), &c.Version,
		}
	},
	version: func(c *credential.Credential) *int64 { return &c.Version },
}

// bits are the columns that a status list is made of.
var bits = credentials.some([]string{"id", "state", "list", "place", "key", "issued_at", "ended_at"}, func(c *credential.Credential) []any {
	return []any{&c.ID, &c.State, &c.List, &c.Place, &c.Key, asTime(&c.IssuedAt), asTime(&c.EndedAt)}
})

var signingKeys = table[credential.Key]{
	name:    "signing_keys",
	columns: []string{"id", "base", "public", "state", "since", "retired_at", "version"},
	fields: func(k *credential.Key) []any {
		return []any{&k.ID, &k.Base, &k.Public, &k.State, asTime(&k.Since), asTime(&k.RetiredAt), &k.Version}
	},
	version: func(k *credential.Key) *int64 { return &k.Version },
}

// Credential returns the credential with the given identifier, or fault.Missing.
func (tx *Tx) Credential(key id.Credential) (credential.Credential, error) {
	return credentials.get(tx, string(key))
}

// AddCredential adds a credential. An entry of a status list that is given already is
// refused by the table, whoever drew it.
func (tx *Tx) AddCredential(c *credential.Credential) error { return credentials.insert(tx, c) }

// PutCredential saves a credential, unless someone else saved it since it was read.
func (tx *Tx) PutCredential(c *credential.Credential) error { return credentials.update(tx, c) }

// CredentialsOf lists the credentials of a title, the latest first.
func (tx *Tx) CredentialsOf(d id.Designation) ([]credential.Credential, error) {
	return credentials.list(tx, "WHERE designation = $1 ORDER BY copy DESC", string(d))
}

// LatestCredentials lists the latest credential of every title, in the order of issue.
func (tx *Tx) LatestCredentials() ([]credential.Credential, error) {
	return credentials.list(tx, `WHERE NOT EXISTS (SELECT 1 FROM credentials later WHERE later.designation = credentials.designation AND later.copy > credentials.copy)
		ORDER BY issued_at, id`)
}

// CredentialAt reports whether an entry of a status list is given.
func (tx *Tx) CredentialAt(list, place int) (bool, error) {
	n, err := credentials.count(tx, "WHERE list = $1 AND place = $2", list, place)
	return n > 0, err
}

// StatusLists lists the status lists that credentials stand in, each by one of its
// entries, the first first.
func (tx *Tx) StatusLists() ([]credential.Credential, error) {
	return bits.list(tx, "WHERE id IN (SELECT MIN(id) FROM credentials GROUP BY list) ORDER BY list")
}

// StatusListSize counts the entries of a status list that are given.
func (tx *Tx) StatusListSize(list int) (int, error) {
	return credentials.count(tx, "WHERE list = $1", list)
}

// StatusList returns one entry of a status list, the first that was given, or
// fault.Missing when there is no such list; and those whose bits are set, in their order.
func (tx *Tx) StatusList(list int) (first credential.Credential, set []credential.Credential, err error) {
	if first, err = only(bits.list(tx, "WHERE list = $1 ORDER BY issued_at, id LIMIT 1", list)); err != nil {
		return first, nil, err
	}
	set, err = bits.list(tx, "WHERE list = $1 AND state IN ($2, $3) ORDER BY place", list, string(credential.Replaced), string(credential.Revoked))
	return first, set, err
}

// DesignationsWithoutCredential lists titles held now for which none stands, by number.
// A holder without a code gets none before the code is entered.
func (tx *Tx) DesignationsWithoutCredential(limit int) ([]designation.Designation, error) {
	return designations.list(tx, `WHERE state IN ($1, $2) AND id NOT IN (SELECT designation FROM credentials WHERE state = $3)
		AND organisation IN (SELECT id FROM organisations WHERE code <> $4) ORDER BY number, id LIMIT $5`,
		string(designation.Valid), string(designation.Rectifying), string(credential.Issued), "", limit)
}

// TitlesHeldBy lists the titles that an organisation holds now, by number.
func (tx *Tx) TitlesHeldBy(o *organisation.Organisation) ([]designation.Designation, error) {
	return designations.list(tx, "WHERE organisation = $1 AND state IN ($2, $3) ORDER BY number, id",
		string(o.ID), string(designation.Valid), string(designation.Rectifying))
}

// SigningKey returns the key in use, or fault.Missing.
func (tx *Tx) SigningKey() (credential.Key, error) {
	return only(signingKeys.list(tx, "WHERE state = $1", string(credential.Signing)))
}

// SigningKeyNamed returns a key by its full identifier, or fault.Missing.
func (tx *Tx) SigningKeyNamed(key string) (credential.Key, error) { return signingKeys.get(tx, key) }

// SigningKeys lists every key that there ever was, the first first.
func (tx *Tx) SigningKeys() ([]credential.Key, error) {
	return signingKeys.list(tx, "ORDER BY since, id")
}

// AddSigningKey adds a key.
func (tx *Tx) AddSigningKey(k *credential.Key) error { return signingKeys.insert(tx, k) }

// PutSigningKey saves a key, unless someone else saved it since it was read.
func (tx *Tx) PutSigningKey(k *credential.Key) error { return signingKeys.update(tx, k) }

// ListedAsOf says since when a status list is as it is.
func ListedAsOf(first credential.Credential, set []credential.Credential) time.Time {
	at := first.IssuedAt
	for _, c := range set {
		if c.EndedAt.After(at) {
			at = c.EndedAt
		}
	}
	return at
}
