package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// s3 keeps each blob as an object: PREFIX/ab/cdef….
//
// An object cannot be deleted on the condition that it is still old, so who wants to
// take one away first says so by a claim, PREFIX/claims/abcdef…/NAME, and then looks at
// its age again. Who keeps one writes it first and then looks for claims. Of the two,
// whoever is later sees the other.
type s3 struct {
	client         *minio.Client
	bucket, prefix string
}

// openS3 opens a bucket, which must be there.
func openS3(ctx context.Context, u *url.URL) (Store, error) {
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || bucket == "" {
		return nil, ErrPlace
	}
	key, secret := os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")
	if u.User != nil {
		key = u.User.Username()
		secret, _ = u.User.Password()
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(key, secret, ""), Secure: u.Query().Get("tls") != "off",
		Region: u.Query().Get("region"), BucketLookup: minio.BucketLookupAuto,
	})
	if err != nil {
		return nil, err
	}
	there, err := client.BucketExists(ctx, bucket)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, errors.New("blob: there is no bucket " + bucket)
	}
	if prefix != "" {
		prefix += "/"
	}
	return &s3{client: client, bucket: bucket, prefix: prefix}, nil
}

func (s *s3) at(sum string) (string, error) {
	dir, file, err := name(sum)
	return s.prefix + dir + "/" + file, err
}

// Put implements Store. An object appears when it is whole, or not at all: what is
// not what was said ends with an error before the end of the body. One that is there
// is written again, which makes it young.
func (s *s3) Put(ctx context.Context, sum string, size int64, r io.Reader) error {
	at, err := s.at(sum)
	if err != nil {
		return err
	}
	if err := s.write(ctx, at, sum, size, r); err != nil {
		return err
	}
	return s.unclaimed(ctx, sum)
}

func (s *s3) write(ctx context.Context, at, sum string, size int64, r io.Reader) error {
	c := &checked{r: r, sum: sum, left: size, h: sha256.New()}
	_, err := s.client.PutObject(ctx, s.bucket, at, c, size, minio.PutObjectOptions{ContentType: "application/octet-stream", PartSize: 16 << 20, NumThreads: 1})
	if c.err != nil {
		return c.err
	}
	if err == nil && c.left != 0 {
		err = ErrDiffers
	}
	return err
}

// checked withholds the last byte of a reader unless all of it is what was said.
type checked struct {
	r    io.Reader
	sum  string
	left int64
	h    hash.Hash
	err  error
}

// Read implements io.Reader.
func (c *checked) Read(p []byte) (n int, err error) {
	if c.err != nil {
		return 0, c.err
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	if len(p) > 0 {
		n, err = c.r.Read(p)
		c.h.Write(p[:n])
		c.left -= int64(n)
	}
	switch {
	case c.left == 0:
		var more [1]byte
		k, _ := io.ReadFull(c.r, more[:]) //nolint:errcheck // there is a byte more, or there is none
		if k != 0 || hex.EncodeToString(c.h.Sum(nil)) != c.sum {
			c.err = ErrDiffers
			return 0, c.err
		}
		return n, io.EOF
	case errors.Is(err, io.EOF):
		c.err = ErrDiffers
		return 0, c.err
	case err != nil:
		c.err = err
	}
	return n, err
}

// Open implements Store.
func (s *s3) Open(ctx context.Context, sum string) (File, error) {
	at, err := s.at(sum)
	if err != nil {
		return nil, err
	}
	o, err := s.client.GetObject(ctx, s.bucket, at, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := o.Stat(); err != nil {
		err = errors.Join(err, o.Close())
		if minio.ToErrorResponse(err).Code == "NoSuchKey" || strings.Contains(err.Error(), "does not exist") {
			return nil, ErrAbsent
		}
		return nil, err
	}
	return o, nil
}

// Stat implements Store.
func (s *s3) Stat(ctx context.Context, sum string) (Info, error) {
	at, err := s.at(sum)
	if err != nil {
		return Info{}, err
	}
	i, err := s.client.StatObject(ctx, s.bucket, at, minio.StatObjectOptions{})
	if code := minio.ToErrorResponse(err).Code; code == "NoSuchKey" || code == "NotFound" {
		return Info{}, ErrAbsent
	}
	return Info{Sum: sum, Size: i.Size, Since: i.LastModified}, err
}

const (
	claimLasts = 10 * time.Minute // after which the process that made it is gone
	claimWait  = 10 * time.Second // for which a Put waits for it
	claimPause = 50 * time.Millisecond
)

func (s *s3) claims(sum string) string { return s.prefix + "claims/" + sum + "/" }

// unclaimed waits until nobody is taking a blob away, and says whether it is there.
func (s *s3) unclaimed(ctx context.Context, sum string) error {
	within, stop := context.WithTimeout(ctx, claimWait)
	defer stop()
	for {
		claimed := false
		for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.claims(sum), Recursive: true}) {
			if o.Err != nil {
				return o.Err
			}
			claimed = true
		}
		if !claimed {
			_, err := s.Stat(ctx, sum)
			if errors.Is(err, ErrAbsent) {
				return ErrTaken
			}
			return err
		}
		select {
		case <-within.Done():
			return errors.Join(ctx.Err(), ErrTaken)
		case <-time.After(claimPause):
		}
	}
}

// Remove implements Store.
func (s *s3) Remove(ctx context.Context, sum string, before time.Time) (gone bool, err error) {
	if old, err := s.old(ctx, sum, before); err != nil || !old {
		return false, err
	}
	claim := s.claims(sum) + rand.Text()
	if _, err := s.client.PutObject(ctx, s.bucket, claim, strings.NewReader("-"), 1, minio.PutObjectOptions{}); err != nil {
		return false, err
	}
	defer func() { // however it ends; what cannot be undone now, Tidy undoes
		err = errors.Join(err, s.client.RemoveObject(context.WithoutCancel(ctx), s.bucket, claim, minio.RemoveObjectOptions{}))
	}()
	within, stop := context.WithTimeout(ctx, claimLasts/2)
	defer stop()
	old, err := s.old(within, sum, before)
	if err != nil || !old {
		return false, err
	}
	at, err := s.at(sum)
	if err == nil {
		err = s.client.RemoveObject(within, s.bucket, at, minio.RemoveObjectOptions{})
	}
	return err == nil, err
}

// old reports whether a blob is there and was not kept since an instant.
func (s *s3) old(ctx context.Context, sum string, before time.Time) (bool, error) {
	i, err := s.Stat(ctx, sum)
	if errors.Is(err, ErrAbsent) {
		return false, nil
	}
	return err == nil && i.Since.Before(before), err
}

// Tidy implements Store: parts of objects that were never finished, and claims of
// processes that are gone.
func (s *s3) Tidy(ctx context.Context, before time.Time) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for o := range s.client.ListIncompleteUploads(ctx, s.bucket, s.prefix, true) {
		if o.Err != nil {
			return o.Err
		}
		if o.Initiated.Before(before) {
			err = errors.Join(err, s.client.RemoveIncompleteUpload(ctx, s.bucket, o.Key))
		}
	}
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix + "claims/", Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		if o.LastModified.Before(before.Add(Grace - claimLasts)) { // before is Grace ago, or longer
			err = errors.Join(err, s.client.RemoveObject(ctx, s.bucket, o.Key, minio.RemoveObjectOptions{}))
		}
	}
	return err
}

// List implements Store.
func (s *s3) List(ctx context.Context, tell func(Info) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		sum := strings.ReplaceAll(strings.TrimPrefix(o.Key, s.prefix), "/", "")
		if _, _, err := name(sum); err != nil {
			continue
		}
		if err := tell(Info{Sum: sum, Size: o.Size, Since: o.LastModified}); err != nil {
			return err
		}
	}
	return nil
}
