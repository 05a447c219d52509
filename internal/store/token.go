package store

import (
	"time"

	"shifan/internal/id"
)

// Token is a key by which a program of a person acts as that person, in one of the
// person's grants and within scopes.
type Token struct {
	ID      id.Token
	Account id.Account
	Name    string // what it is for, in the person's words
	Hash    string // SHA-256 of the token, in hex
	Grant   Grant
	Scopes  []string // "read", "write", "visits:read" …
	MadeAt  time.Time
	Expires time.Time
}

var tokens = table[Token]{
	name:    "tokens",
	columns: []string{"id", "account", "name", "hash", "acts_in", "scopes", "made_at", "expires"},
	fields: func(t *Token) []any {
		return []any{&t.ID, &t.Account, &t.Name, &t.Hash, asJSON(&t.Grant), asJSON(&t.Scopes), asTime(&t.MadeAt), asTime(&t.Expires)}
	},
}

// Token returns the token with the given identifier, or fault.Missing.
func (tx *Tx) Token(key id.Token) (Token, error) { return tokens.get(tx, string(key)) }

// TokenByHash returns the token that has the given hash, or fault.Missing.
func (tx *Tx) TokenByHash(hash string) (Token, error) {
	return only(tokens.list(tx, "WHERE hash = $1", hash))
}

// TokensOf lists an account's tokens, the latest first.
func (tx *Tx) TokensOf(account id.Account) ([]Token, error) {
	return tokens.list(tx, "WHERE account = $1 ORDER BY made_at DESC, id", string(account))
}

// TokensBefore lists the tokens that were worth nothing any more at an instant.
func (tx *Tx) TokensBefore(t time.Time) ([]Token, error) {
	return tokens.list(tx, "WHERE expires < $1 ORDER BY id", t.UnixMicro())
}

// AddToken adds a token.
func (tx *Tx) AddToken(t *Token) error { return tokens.insert(tx, t) }

// RemoveToken makes a token worthless.
func (tx *Tx) RemoveToken(key id.Token) error { return tokens.remove(tx, string(key)) }
