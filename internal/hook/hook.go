// Package hook tells programs and robots that something happened, by HTTPS: plain signed
// webhooks (docs/webhooks.md), and the robots of WeCom and DingTalk groups.
//
// It connects to public addresses only, whatever a name stands for at that moment, goes
// through no proxy and follows no redirect, so that nobody makes the server look around
// in its own network. Hosts that the administrator lists are excepted.
package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"shifan/internal/lifecycle/message"
)

// The headers of a webhook.
const (
	HeaderID   = "Shifan-Id"        // the same at each attempt: what was seen is discarded
	HeaderTime = "Shifan-Timestamp" // seconds since 1970, of this attempt
	HeaderSign = "Shifan-Signature" // v1= and HMAC-SHA256 of timestamp.id.body in hex
)

// Tolerance is how old or how far ahead a timestamp may be for a receiver to take it.
const Tolerance = 5 * time.Minute

// Within is how long one attempt may take.
const Within = 15 * time.Second

// answerMost is how much of an answer is read.
const answerMost = 4 << 10

// Told is what is sent.
type Told struct {
	ID      string
	Channel string // message.Webhook, WeCom or DingTalk
	Address string
	Secret  string
	Text    string // for people, of robots
	Body    []byte // for programs
}

// Client sends.
type Client struct {
	http    *http.Client
	allowed []string
}

var errPrivate = errors.New("hook: the address is within the network")

// New returns a client. allowed are hosts, with their port where it is not the usual one,
// that may be within the network or not encrypted.
func New(allowed []string) *Client {
	c := &Client{allowed: allowed}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		d := net.Dialer{Timeout: Within}
		if !c.allows(address) {
			d.ControlContext = func(_ context.Context, _, to string, _ syscall.RawConn) error {
				at, err := netip.ParseAddrPort(to)
				if err != nil || !message.Public(at.Addr()) {
					return errPrivate
				}
				return nil
			}
		}
		return d.DialContext(ctx, network, address)
	}
	c.http = &http.Client{
		Timeout:       Within,
		Transport:     &http.Transport{DialContext: dial, DisableKeepAlives: true, ResponseHeaderTimeout: Within, MaxResponseHeaderBytes: 16 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// allows reports whether a host and port are among those that are excepted.
func (c *Client) allows(address string) bool {
	host, port, err := net.SplitHostPort(address)
	return slices.Contains(c.allowed, address) || err == nil && (port == "443" || port == "80") && slices.Contains(c.allowed, host)
}

// Send tells one receiver once, at an instant.
func (c *Client) Send(ctx context.Context, t Told, now time.Time) message.Outcome {
	if _, f := message.CheckURL(t.Address, c.allowed); f != nil {
		return message.Outcome{Final: true, Say: f.Say}
	}
	r, err := request(ctx, t, now)
	if err != nil {
		return message.Outcome{Final: true, Say: "推送地址不对"}
	}
	a, err := c.http.Do(r)
	if err != nil {
		return failure(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(io.LimitReader(a.Body, answerMost))
	if err != nil {
		return failure(err)
	}
	return answered(t.Channel, a.StatusCode, body)
}

func request(ctx context.Context, t Told, now time.Time) (*http.Request, error) {
	address, body := t.Address, t.Body
	var err error
	switch t.Channel {
	case message.WeCom:
		body, err = json.Marshal(map[string]any{"msgtype": "text", "text": map[string]string{"content": t.Text}})
	case message.DingTalk:
		body, err = json.Marshal(map[string]any{"msgtype": "text", "text": map[string]string{"content": t.Text}})
		ms := strconv.FormatInt(now.UnixMilli(), 10)
		address += "&timestamp=" + ms + "&sign=" + url.QueryEscape(DingTalkSign(t.Secret, ms))
	}
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "shifan")
	if t.Channel == message.Webhook {
		at := strconv.FormatInt(now.Unix(), 10)
		r.Header.Set(HeaderID, t.ID)
		r.Header.Set(HeaderTime, at)
		r.Header.Set(HeaderSign, Sign(t.Secret, t.ID, at, body))
	}
	return r, nil
}

// Sign signs a webhook. The identifier is signed too, so that nobody sends what was sent
// under another one.
func Sign(secret, id, at string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(m, "%s.%s.", at, id)
	m.Write(body)
	return "v1=" + hex.EncodeToString(m.Sum(nil))
}

// DingTalkSign signs as DingTalk's robots want it: HMAC-SHA256 of timestamp, a line break
// and the secret, by the secret, in base64.
func DingTalkSign(secret, ms string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(ms + "\n" + secret))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// Verify is what a receiver does: it refuses what is signed otherwise, or too long ago.
// What has an identifier that it saw before it discards by itself.
func Verify(secret string, h http.Header, body []byte, now time.Time) bool {
	at, err := strconv.ParseInt(h.Get(HeaderTime), 10, 64)
	if err != nil || now.Sub(time.Unix(at, 0)).Abs() > Tolerance {
		return false
	}
	return hmac.Equal([]byte(h.Get(HeaderSign)), []byte(Sign(secret, h.Get(HeaderID), h.Get(HeaderTime), body)))
}

// answered reads what a receiver says. A robot says in its body what went wrong, with the
// status 200.
func answered(channel string, status int, body []byte) message.Outcome {
	if status < 200 || status > 299 {
		say := fmt.Sprintf("对方答复 %d", status)
		if status >= 300 && status < 400 {
			say += "，要转到别的地址，没有跟去"
		}
		return message.Outcome{Final: status == http.StatusGone, Say: say} // 410: it is not there any more, and will not be
	}
	if channel == message.Webhook {
		return message.Outcome{Sent: true}
	}
	var a struct {
		Code *int   `json:"errcode"`
		Say  string `json:"errmsg"`
	}
	if json.Unmarshal(body, &a) != nil || a.Code == nil {
		return message.Outcome{Say: "机器人的答复看不懂"}
	}
	if *a.Code != 0 {
		return message.Outcome{Say: fmt.Sprintf("机器人答复 %d %s", *a.Code, strings.ToValidUTF8(a.Say, ""))}
	}
	return message.Outcome{Sent: true}
}

// failure says what went wrong without the address, which is the key of a robot.
func failure(err error) message.Outcome {
	var slow net.Error
	switch {
	case errors.Is(err, errPrivate):
		return message.Outcome{Final: true, Say: "推送地址在内部网络，没有连接"}
	case errors.As(err, &slow) && slow.Timeout():
		return message.Outcome{Hangs: true, Say: "对方没有按时答复"}
	}
	return message.Outcome{Say: "连不上推送地址"}
}
