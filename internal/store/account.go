package store

import (
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// Account is a person who signs in. It holds no more about the person than the
// name the office knows them by.
type Account struct {
	ID       id.Account
	Login    string // unique, lower case
	Name     string // 经办人甲, or a name
	Password string // argon2id, encoded; empty until the invitation is used
	Grants   []Grant
	Disabled bool
	Failures int       // wrong passwords in a row
	LockedTo time.Time // no sign-in before this
	Version  int64
}

// Grant is one role that an account holds, and where.
type Grant struct {
	Role         stage.Role      `json:"role"`
	Programme    id.Programme    `json:"programme,omitempty"`    // empty: all
	Organisation id.Organisation `json:"organisation,omitempty"` // for applicants
}
