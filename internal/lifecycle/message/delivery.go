package message

import (
	"time"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// The states of a delivery.
const (
	Queued  stage.State = "queued"
	Sending stage.State = "sending" // a server has it, until its lease ends
	Failed  stage.State = "failed"  // it will be tried again
	Sent    stage.State = "sent"
	GivenUp stage.State = "given_up"
	Dropped stage.State = "dropped" // nobody may, or can, get it any more
)

const (
	outbox = "制度:消息随所办事项一并入库，由系统发送"
	again  = "制度:发送失败的隔一段时间再发"
	asked  = "制度:发送前再核对收件人能否查看"
)

// DeliveryKind is the machine of an item of the outbox.
var DeliveryKind = stage.Kind{
	Name: "delivery", Label: "发送", Start: Queued,
	Moves: []stage.Move{
		{From: Queued, Act: "take", By: stage.Clock, To: Sending, Basis: outbox},
		{From: Failed, Act: "take", By: stage.Clock, To: Sending, Basis: again},
		{From: Sending, Act: "take", By: stage.Clock, To: Sending, Basis: again},
		{From: Sending, Act: "send", By: stage.Clock, To: Sent, Basis: outbox},
		{From: Sending, Act: "fail", By: stage.Clock, To: Failed, Basis: again},
		{From: Sending, Act: "give_up", By: stage.Clock, To: GivenUp, Basis: again},
		{From: Queued, Act: "drop", By: stage.Clock, To: Dropped, Basis: asked},
		{From: Failed, Act: "drop", By: stage.Clock, To: Dropped, Basis: asked},
		{From: Sending, Act: "drop", By: stage.Clock, To: Dropped, Basis: asked},
		{From: GivenUp, Act: "retry", By: stage.Clerk, To: Queued, Basis: again},
		{From: GivenUp, Act: "retry", By: stage.Director, To: Queued, Basis: again},
		{From: GivenUp, Act: "retry", By: stage.Operator, To: Queued, Basis: again},
		{From: Failed, Act: "retry", By: stage.Clerk, To: Queued, Basis: again},
		{From: Failed, Act: "retry", By: stage.Director, To: Queued, Basis: again},
		{From: Failed, Act: "retry", By: stage.Operator, To: Queued, Basis: again},
	},
	Ends: map[stage.State]bool{Sent: false, Dropped: false},
	Words: map[string]string{
		"queued": "等待发送", "sending": "正在发送", "failed": "稍后再发", "sent": "已发出", "given_up": "没有发成", "dropped": "不再发送",
		"queue": "列入发送", "take": "取出发送", "send": "发出", "fail": "记录失败", "give_up": "停止发送", "drop": "取消发送", "retry": "再发一次",
	},
}

// The ways by which something is delivered.
const (
	Mail     = "mail"
	Webhook  = "webhook"
	WeCom    = "wecom"
	DingTalk = "dingtalk"
)

// Channels are the words of the ways.
var Channels = map[string]string{Mail: "电子邮件", Webhook: "程序接口", WeCom: "企业微信群机器人", DingTalk: "钉钉群机器人"}

// Delivery is an item of the outbox: what is sent, by which way, to whom, and how it
// went. It keeps no address: that is looked up when it is sent, so that nobody reads it
// in a log.
type Delivery struct {
	ID        id.Delivery
	Programme id.Programme
	Channel   string
	Account   id.Account   // whose letter it is
	Objection id.Objection // or the objector's of this case
	Hook      id.Hook      // or a program's or a robot's
	Messages  []id.Message // of a letter, several when it is a digest
	Kind      string       // what a program or a robot is told; VerifyKind or TestKind
	Chapter   string
	Thing     string
	URL       string
	MadeAt    time.Time
	State     stage.State
	Tries     int
	Due       time.Time // when it may be taken next; while it is being sent, when its lease ends; zero when it is over
	Say       string    // how the last attempt failed, for the office; never an address
	EndedAt   time.Time
	Version   int64
}

// The kinds of deliveries that no act causes.
const (
	VerifyKind = "verify" // the link by which somebody shows that an address is theirs
	TestKind   = "test"
)

// Lease is how long a server may take to send one thing. It is longer than all that the
// sending waits for.
const Lease = 3 * time.Minute

// sayMost is how much is kept of what a receiver answers.
const sayMost = 200

// pauses are how long to wait after each attempt that failed.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// Tries is how many attempts there are before one gives up: they last some two days.
var Tries = len(pauses) + 1

// Queue makes a delivery ready to be sent.
func (d *Delivery) Queue(now, due time.Time) { d.State, d.MadeAt, d.Due = Queued, now, due }

// Take gives a delivery to a server for the time of a lease. It is refused when it is
// not due: somebody else has it.
func (d *Delivery) Take(now time.Time) (stage.Move, error) {
	m, err := DeliveryKind.Step(d.State, "take", stage.Clock)
	if err != nil {
		return m, err
	}
	if d.Due.IsZero() || d.Due.After(now) {
		return m, fault.Stale()
	}
	d.State, d.Due, d.Tries = m.To, now.Add(Lease), d.Tries+1
	return m, nil
}

// Outcome is what came of an attempt.
type Outcome struct {
	Sent  bool
	Final bool // it will never succeed: the receiver refused it for good
	Hangs bool // the receiver did not answer in time: what else is for it waits, too
	Say   string
}

// Receiver is whom a delivery goes to as far as one that hangs holds up the others: the
// mail server (""), or one hook.
func (d *Delivery) Receiver() string { return string(d.Hook) }

// Close notes what came of an attempt: sent, to be tried again after a pause that grows,
// or given up.
func (d *Delivery) Close(o Outcome, quiet Quiet, now time.Time) (stage.Move, error) {
	act := "send"
	switch {
	case o.Sent:
	case o.Final || d.Tries >= Tries:
		act = "give_up"
	default:
		act = "fail"
	}
	m, err := DeliveryKind.Step(d.State, act, stage.Clock)
	if err != nil {
		return m, err
	}
	d.State, d.Due, d.Say, d.EndedAt = m.To, time.Time{}, chars.Cut(o.Say, sayMost), now
	if act == "fail" {
		d.Due, d.EndedAt = quiet.After(now.Add(pauses[d.Tries-1])), time.Time{}
	}
	return m, nil
}

// Drop ends a delivery that nobody may get any more, and says why.
func (d *Delivery) Drop(why string, now time.Time) (stage.Move, error) {
	m, err := DeliveryKind.Step(d.State, "drop", stage.Clock)
	if err == nil {
		d.State, d.Due, d.Say, d.EndedAt = m.To, time.Time{}, why, now
	}
	return m, err
}

// Forgotten reports whether a delivery was over so long ago that its line goes. What was
// given up stays as long: it may be tried again meanwhile.
func (d *Delivery) Forgotten(now time.Time) bool {
	return d.Due.IsZero() && !d.EndedAt.IsZero() && d.EndedAt.Before(now.Add(-Kept))
}

// Retry has a delivery that failed tried once more at once, with all its attempts before
// it.
func (d *Delivery) Retry(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := DeliveryKind.Step(d.State, "retry", by.Role)
	if err == nil {
		d.State, d.Due, d.Tries, d.EndedAt = m.To, now, 0, time.Time{}
	}
	return m, err
}
