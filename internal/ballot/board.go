package ballot

import (
	"encoding/json"
	"errors"
	"fmt"
)

// What a server asks of each message before it appends it, so that nothing is in
// an archive that Verify would refuse.

// Begin returns an archive with its first event: what is voted on, by whose key,
// with which credentials.
func Begin(seconds int64, election, trustees, credentials []byte) (*Archive, error) {
	a := NewArchive(seconds)
	s, err := compact(setup{hexOf(election), hexOf(trustees), hexOf(credentials)})
	if err != nil {
		return nil, err
	}
	return a, a.Append(Setup, election, trustees, credentials, s)
}

// CheckCredentials checks the public credentials of an election and returns their
// number.
func CheckCredentials(election, credentials []byte) (int, error) {
	p, err := readElection(election)
	if err != nil {
		return 0, err
	}
	known, err := p.readCredentials(credentials)
	return len(known), err
}

// CheckBallot checks one ballot strictly, as Verify does, and returns its public
// credential and its tracker. Whether the same ballot came before, and whether
// voting still runs, the caller knows.
func CheckBallot(election, credentials, body []byte) (credential Number, tracker string, err error) {
	p, err := readElection(election)
	if err != nil {
		return "", "", err
	}
	var named Ballot
	var all []Number
	if err := errors.Join(strict(body, &named), json.Unmarshal(credentials, &all)); err != nil {
		return "", "", err
	}
	only, err := compact([]Number{named.Credential})
	if err != nil {
		return "", "", err
	}
	for _, n := range all {
		if n != named.Credential {
			continue
		}
		known, err := p.readCredentials(only) // the others were checked when they came
		if err != nil {
			return "", "", err
		}
		_, _, err = p.checkBallot(body, known)
		return named.Credential, B64(body), err
	}
	return "", "", errors.New("ballot: invalid credential")
}

// CheckDecryption checks one trustee's part of the decryption of an encrypted
// tally and returns the object that says whose it is.
func CheckDecryption(election, trustees, tally []byte, owner int, part []byte) (whose []byte, err error) {
	p, err := readElection(election)
	if err != nil {
		return nil, err
	}
	b, err := p.group.readTrustees(trustees)
	if err != nil {
		return nil, err
	}
	if owner < 1 || owner > len(b.trustees) {
		return nil, fmt.Errorf("ballot: there is no trustee %d", owner)
	}
	var pairs [][]Pair
	var d Decryption
	if err := errors.Join(strict(tally, &pairs), strict(part, &d)); err != nil {
		return nil, err
	}
	all := make([][]cipher, len(pairs))
	for i, q := range pairs {
		for _, pair := range q {
			c, err := p.group.readPair(pair)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], c)
		}
	}
	if again, err := compact(d); err != nil || string(again) != string(part) {
		return nil, errors.New("ballot: a decryption that is not in its one form")
	}
	if _, err := p.checkDecryption(all, b.trustees[owner-1], d); err != nil {
		return nil, err
	}
	return compact(owned{Owner: owner, Payload: hexOf(part)})
}
