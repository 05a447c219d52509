package ballot

import (
	"bytes"
	"crypto/aes"
	blockcipher "crypto/cipher"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// Threshold trustees speak to one another through the server, which may read
// nothing of it: each message is signed by its sender and encrypted to its
// receiver (format §5.2).

var errChannel = errors.New("ballot: a message between trustees is not for this one, or changed on its way")

// encrypted is a message that only the owner of one encryption key reads.
type encrypted struct {
	Alpha Number `json:"alpha"`
	Beta  Number `json:"beta"`
	Data  string `json:"data"` // AES-256-CCM in lower-case hex
}

// addressed is what is signed: a text, and the encryption key it is for.
type addressed struct {
	Recipient Number `json:"recipient"`
	Message   string `json:"message"`
}

// trusteeSecrets are the two secret keys that a seed holds.
type trusteeSecrets struct{ sign, read *big.Int }

func secretsOf(seed string) trusteeSecrets {
	from := func(word string) *big.Int {
		sum := sha256.Sum256([]byte(word + "|" + seed))
		return new(big.Int).SetBytes(sum[:])
	}
	return trusteeSecrets{from("sk"), from("dk")}
}

func messageText(message string) func(*big.Int) string {
	return func(commitment *big.Int) string { return "sigmsg|" + message + "|" + commitment.String() }
}

// sign signs exactly this text.
func (g *Group) sign(key *big.Int, message string, random Random) (signedMessage, error) {
	p, err := g.prove(key, messageText(message), random)
	return signedMessage{message, p}, err
}

// send signs a text and encrypts it to the owner of a key.
func (g *Group) send(from trusteeSecrets, to *big.Int, text string, random Random) (string, error) {
	inner, err := compact(addressed{number(to), text})
	if err != nil {
		return "", err
	}
	s, err := g.sign(from.sign, string(inner), random)
	if err != nil {
		return "", err
	}
	plain, err := compact(s)
	if err != nil {
		return "", err
	}
	r, err := random(g)
	if err != nil {
		return "", err
	}
	k, err := random(g)
	if err != nil {
		return "", err
	}
	alpha, common := g.fixed(g.G, r), g.fixed(g.G, k)
	data, err := seal(common, alpha, plain)
	if err != nil {
		return "", err
	}
	out, err := compact(encrypted{number(alpha), number(g.mul(g.power(to, r), common)), hex.EncodeToString(data)})
	return string(out), err
}

// receive decrypts what somebody with the given verification key sent.
func (g *Group) receive(own trusteeSecrets, from *big.Int, text string) (string, error) {
	var e encrypted
	if err := strict([]byte(text), &e); err != nil {
		return "", err
	}
	c, err := g.readPair(Pair{e.Alpha, e.Beta})
	if err != nil {
		return "", err
	}
	data, err := hex.DecodeString(e.Data)
	if err != nil {
		return "", err
	}
	plain, err := open(g.mul(c.beta, g.inverse(g.power(c.alpha, own.read))), c.alpha, data)
	if err != nil {
		return "", err
	}
	var s signedMessage
	var a addressed
	if strict(plain, &s) != nil || strict([]byte(s.Message), &a) != nil || a.Recipient != number(g.fixed(g.G, own.read)) {
		return "", errChannel
	}
	if err := g.knows(from, s.Signature, messageText(s.Message)); err != nil {
		return "", errChannel
	}
	return a.Message, nil
}

// seal and open are AES-256-CCM (RFC 3610) with a tag of 8 bytes and nothing
// beside the text; the standard library has none. Key and nonce are digests.
func seal(common, alpha *big.Int, plain []byte) ([]byte, error) {
	b, nonce, err := ccm(common, alpha, len(plain))
	if err != nil {
		return nil, err
	}
	out := crypt(b, nonce, plain)
	return append(out, mask(b, nonce, mac(b, nonce, plain))...), nil
}

func open(common, alpha *big.Int, data []byte) ([]byte, error) {
	n := len(data) - tagSize
	if n < 0 {
		return nil, errChannel
	}
	b, nonce, err := ccm(common, alpha, n)
	if err != nil {
		return nil, err
	}
	plain := crypt(b, nonce, data[:n])
	if subtle.ConstantTimeCompare(mask(b, nonce, mac(b, nonce, plain)), data[n:]) != 1 {
		return nil, errChannel
	}
	return plain, nil
}

const tagSize = 8

// ccm returns the cipher and the nonce, which is shorter where the length of the
// text takes a third byte.
func ccm(common, alpha *big.Int, length int) (blockcipher.Block, []byte, error) {
	key, iv := sha256.Sum256([]byte("key|"+common.String())), sha256.Sum256([]byte("iv|"+alpha.String()))
	size := 13
	if length >= 1<<16 {
		size = 12
	}
	if length >= 1<<24 {
		return nil, nil, fmt.Errorf("ballot: a message of %d bytes", length)
	}
	b, err := aes.NewCipher(key[:])
	return b, iv[:size], err
}

// counterBlock is the block that counter i encrypts to the key stream.
func counterBlock(nonce []byte, i int) []byte {
	block := make([]byte, aes.BlockSize)
	binary.BigEndian.PutUint32(block[12:], uint32(i))
	block[0] = byte(14 - len(nonce))
	copy(block[1:], nonce)
	return block
}

func crypt(b blockcipher.Block, nonce, text []byte) []byte {
	out := make([]byte, len(text))
	blockcipher.NewCTR(b, counterBlock(nonce, 1)).XORKeyStream(out, text)
	return out
}

// mac is the CBC-MAC over the flags, the nonce, the length and the text.
func mac(b blockcipher.Block, nonce, text []byte) []byte {
	first := counterBlock(nonce, len(text))
	first[0] |= (tagSize - 2) / 2 << 3
	text = append(first, text...)
	text = append(text, bytes.Repeat([]byte{0}, -len(text)&(aes.BlockSize-1))...)
	blockcipher.NewCBCEncrypter(b, make([]byte, aes.BlockSize)).CryptBlocks(text, text)
	return text[len(text)-aes.BlockSize:][:tagSize]
}

func mask(b blockcipher.Block, nonce, tag []byte) []byte {
	out := make([]byte, tagSize)
	blockcipher.NewCTR(b, counterBlock(nonce, 0)).XORKeyStream(out, tag)
	return out
}

// inside reads the object inside a text.
func inside[T any](text string) (v T, err error) {
	err = json.Unmarshal([]byte(text), &v)
	return v, err
}
