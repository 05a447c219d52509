package ballot

import (
	"errors"
	"fmt"
	"math/big"
)

var errNotNow = errors.New("ballot: the archive does not stand where this comes next")

// TallyOf returns the two objects of the event EncryptedTally of an archive whose
// voting has ended: the product of the ballots, and its size.
func TallyOf(file []byte) (tally, size []byte, err error) {
	s, err := load(file)
	if err != nil {
		return nil, nil, err
	}
	if s.at != EndBallots {
		return nil, nil, errNotNow
	}
	if tally, err = writeTally(s.tally); err != nil {
		return nil, nil, err
	}
	size, err = compact(sized{Tallied: len(s.last), Weight: len(s.last), Tally: hexOf(tally)})
	return tally, size, err
}

// Decrypt returns the two objects of the event PartialDecryption of one trustee,
// numbered from 1: its part of the decryption with the proofs, and whose it is. The
// secret is a mandatory key, or a threshold trustee's share.
func Decrypt(file []byte, owner int, secret *big.Int, random Random) (part, whose []byte, err error) {
	s, err := load(file)
	if err != nil {
		return nil, nil, err
	}
	if s.at != EncryptedTally && s.at != PartialDecryption {
		return nil, nil, errNotNow
	}
	g := s.poll.group
	if owner < 1 || owner > len(s.board.trustees) || g.fixed(g.G, new(big.Int).Mod(secret, g.Q)).Cmp(s.board.trustees[owner-1].key) != 0 {
		return nil, nil, fmt.Errorf("ballot: the secret is not that of trustee %d", owner)
	}
	d, err := s.poll.decrypt(s.tally, secret, random)
	if err != nil {
		return nil, nil, err
	}
	if part, err = compact(d); err != nil {
		return nil, nil, err
	}
	whose, err = compact(owned{Owner: owner, Payload: hexOf(part)})
	return part, whose, err
}

// ResultOf returns the object of the event Result once enough trustees decrypted.
func ResultOf(file []byte) ([]byte, error) {
	s, err := load(file)
	if err != nil {
		return nil, err
	}
	if s.at != PartialDecryption {
		return nil, errNotNow
	}
	out, err := s.poll.combine(s.board, s.tally, s.parts, len(s.last))
	if err != nil {
		return nil, err
	}
	return compact(out)
}
