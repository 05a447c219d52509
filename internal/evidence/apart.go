package evidence

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"
)

// ErrReader says that files cannot be read or drawn now, for a reason that lies not in
// them: the process that does it did not start, or what was asked of it came too late.
var ErrReader = errors.New("evidence: files cannot be read now")

// apartIdle is how long the process of a Reader waits for the next file. Then it ends,
// and the machine has its memory back.
const apartIdle = 10 * time.Second

// question asks the process of a Reader for the text of a file, or for drawings of it.
type question struct {
	Kind        Kind
	Size        int64
	Draw        bool
	Pages, Side int
}

// reply is what the process says: that it needs a piece of the file, or what came out.
type reply struct {
	Done     bool
	At       int64 // of the piece
	Length   int
	Text     []string
	Drawings []Drawing
	Failed   string // what an error says; empty: none
}

// piece is a part of the file, as long as it was asked for unless the file ends or
// cannot be read.
type piece struct{ Bytes []byte }

// known are the errors that mean something on this side of the pipe too.
var known = []error{errNoText, errNoDrawing, errNoFonts, errTooLarge}

// apart is the process of a Reader.
type apart struct {
	cmd  *exec.Cmd
	in   io.Closer
	ask  *gob.Encoder
	hear *gob.Decoder
	idle *time.Timer
}

// elsewhere asks the process of the Reader, which it starts when there is none. A
// process that ends over a file is started once more: it may have been short of memory
// with which the file has nothing to do.
func (x *Reader) elsewhere(ctx context.Context, q question, r File) (a reply, err error) {
	x.one.Lock()
	defer x.one.Unlock()
	for range 2 {
		if err := ctx.Err(); err != nil {
			return a, fmt.Errorf("%w: %w", ErrReader, err)
		}
		if x.apart == nil {
			if x.apart, err = startApart(x.Apart); err != nil {
				return a, fmt.Errorf("%w: %w", ErrReader, err)
			}
			x.apart.idle = time.AfterFunc(apartIdle, x.rest)
			if err := ctx.Err(); err != nil {
				return a, fmt.Errorf("%w: %w", ErrReader, err)
			}
		}
		a, err = x.apart.answer(ctx, q, r)
		if err == nil {
			x.apart.idle.Reset(apartIdle)
			return a, failure(a.Failed)
		}
		x.letGo()
		if errors.Is(err, ErrReader) || ctx.Err() != nil {
			return a, errors.Join(ctx.Err(), err)
		}
	}
	return a, fmt.Errorf("evidence: the process that read it fell over twice: %w", err)
}

// startApart starts a process that answers, and lets it go when nothing was asked for a while.
func startApart(command []string) (*apart, error) {
	cmd := exec.Command(command[0], command[1:]...) //nolint:noctx // it outlives the file that it was started for
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &apart{cmd: cmd, in: in, ask: gob.NewEncoder(in), hear: gob.NewDecoder(out)}
	var hello reply
	if err := p.hear.Decode(&hello); err != nil {
		p.end()
		return nil, fmt.Errorf("%s says nothing: %w", command[0], err)
	}
	return p, nil
}

// end lets the process go, whatever it does.
func (p *apart) end() {
	p.in.Close()         //nolint:errcheck // it is killed anyway
	p.cmd.Process.Kill() //nolint:errcheck // it may have ended
	p.cmd.Wait()         //nolint:errcheck // it was killed
}

// rest ends the process when nobody uses it.
func (x *Reader) rest() {
	if !x.one.TryLock() {
		return // who uses it sets the clock anew
	}
	defer x.one.Unlock()
	if x.apart != nil {
		x.letGo()
	}
}

// letGo ends the process that there is.
func (x *Reader) letGo() {
	x.apart.idle.Stop()
	x.apart.end()
	x.apart = nil
}

// answer asks for one thing and gives the process the pieces of the file that it wants.
func (p *apart) answer(ctx context.Context, q question, r File) (a reply, err error) {
	defer context.AfterFunc(ctx, func() { p.cmd.Process.Kill() })() //nolint:errcheck // it may have ended
	for err = p.ask.Encode(q); err == nil; err = p.give(r, a) {
		a = reply{}
		if err = p.hear.Decode(&a); err != nil || a.Done {
			return a, err
		}
	}
	return a, err
}

// give sends a piece of the file.
func (p *apart) give(r File, want reply) error {
	b := make([]byte, min(max(want.Length, 0), pieceSize))
	n, err := r.ReadAt(b, want.At)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", ErrReader, err)
	}
	return p.ask.Encode(piece{b[:n]})
}

// failure is the error that the process told of.
func failure(said string) error {
	if said == "" {
		return nil
	}
	if i := slices.IndexFunc(known, func(e error) bool { return e.Error() == said }); i >= 0 {
		return known[i]
	}
	return errors.New(said)
}

// Serve answers, in a process of its own, what the Reader of another process asks whose
// Apart is the command of this one, until in ends. It owns in and out.
func (x *Reader) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	hear, say := gob.NewDecoder(in), gob.NewEncoder(out)
	if err := x.start(); err != nil {
		return err
	}
	// Only now it is ready: compiling the renderer may take longer than a file is given.
	if err := say.Encode(reply{}); err != nil {
		return err
	}
	for {
		var q question
		if err := hear.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		r, a := &remote{hear: hear, say: say, size: q.Size}, reply{Done: true}
		var err error
		if f := io.NewSectionReader(r, 0, q.Size); q.Draw {
			a.Drawings, err = x.Draw(ctx, q.Kind, f, q.Size, q.Pages, q.Side)
		} else {
			a.Text, err = x.Text(ctx, q.Kind, f, q.Size)
		}
		if r.broken != nil {
			return r.broken
		}
		if err != nil {
			a.Failed = err.Error()
		}
		if err := say.Encode(a); err != nil {
			return err
		}
	}
}

const (
	pieceSize   = 64 << 10 // bytes of a file that are asked for at once
	piecesKnown = 8        // that are kept: a PDF is read here and there
)

// remote is a file that lies in the process which asks.
type remote struct {
	hear   *gob.Decoder
	say    *gob.Encoder
	size   int64
	kept   []kept // the one that was used last comes first
	broken error
}

// kept is a piece of a file, whole unless it is the last.
type kept struct {
	at    int64
	bytes []byte
}

// ReadAt implements io.ReaderAt.
func (r *remote) ReadAt(b []byte, at int64) (n int, err error) {
	for n < len(b) && at+int64(n) < r.size {
		from := (at + int64(n)) / pieceSize * pieceSize
		data, err := r.piece(from)
		if err != nil {
			return n, err
		}
		got := 0
		if skip := at + int64(n) - from; skip < int64(len(data)) {
			got = copy(b[n:], data[skip:])
		}
		if n += got; got == 0 {
			return n, io.ErrUnexpectedEOF // shorter than it was said to be
		}
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// piece returns the piece of the file that begins at a place.
func (r *remote) piece(at int64) ([]byte, error) {
	i := slices.IndexFunc(r.kept, func(k kept) bool { return k.at == at })
	if i < 0 {
		var p piece
		if r.broken == nil {
			r.broken = r.say.Encode(reply{At: at, Length: pieceSize})
		}
		if r.broken == nil {
			r.broken = r.hear.Decode(&p)
		}
		if r.broken != nil {
			return nil, r.broken
		}
		if i = len(r.kept); i == piecesKnown {
			i--
			r.kept = r.kept[:i]
		}
		r.kept = append(r.kept, kept{at, p.Bytes})
	}
	k := r.kept[i]
	copy(r.kept[1:i+1], r.kept[:i])
	r.kept[0] = k
	return k.bytes, nil
}
