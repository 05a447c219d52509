package evidence

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Scanner asks clamd whether a file has a virus. Anything but its literal OK is not
// clean (checklist 45).
type Scanner struct {
	Address string        // HOST:PORT, or the path of a socket
	Within  time.Duration // for one file; 0: a minute
}

// ErrScanner says that the scanner gave no verdict: it is down, the file is larger
// than it takes, or the line broke.
var ErrScanner = errors.New("evidence: the scanner gave no verdict")

// Scan sends a file to the scanner. It returns the name of the virus, or "" for a
// file that the scanner calls clean; every other answer is ErrScanner.
func (s Scanner) Scan(ctx context.Context, r io.Reader) (virus string, err error) {
	within := s.Within
	if within <= 0 {
		within = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	network := "tcp"
	if strings.HasPrefix(s.Address, "/") {
		network = "unix"
	}
	c, err := (&net.Dialer{}).DialContext(ctx, network, s.Address)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrScanner, err)
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() }) //nolint:errcheck // reads and writes then fail
	defer stop()
	sent := send(c, r)
	// It may have answered before it took everything.
	answer, err := io.ReadAll(io.LimitReader(c, 4096))
	said := strings.TrimRight(string(answer), "\x00\n")
	found, isFound := strings.CutSuffix(said, " FOUND")
	switch {
	case isFound:
		return strings.TrimPrefix(found, "stream: "), nil
	case said == "stream: OK" && err == nil && sent == nil:
		return "", nil
	}
	return "", fmt.Errorf("%w: %q %w", ErrScanner, said, errors.Join(sent, err))
}

// send sends a file in pieces, each with its length before it, and an empty one at
// the end.
func send(w io.Writer, r io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	b := make([]byte, 4+64<<10)
	for {
		n, err := io.ReadFull(r, b[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(b, uint32(n))
			if _, err := w.Write(b[:4+n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			_, err = w.Write([]byte{0, 0, 0, 0})
			return err
		}
		if err != nil {
			return err
		}
	}
}
