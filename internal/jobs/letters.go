package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/hook"
	"shifan/internal/lifecycle/message"
	"shifan/internal/mail"
)

// Post is how what is in the outbox is sent.
type Post struct {
	Base string       // the address of this site
	Mail mail.Sender  // nil: letters wait
	Hook *hook.Client // nil: programs and robots wait
}

// lettersEvery is how long the outbox waits at most before it is looked at.
const lettersEvery = 5 * time.Second

// sendersMost is how many are written to at once: one receiver that hangs holds up no
// other.
const sendersMost = 8

// Letters sends what is due, until ctx is done. It runs on every node.
func Letters(ctx context.Context, desk *casework.Desk, p Post, log *slog.Logger) {
	for ctx.Err() == nil {
		n, err := Send(ctx, desk, p)
		if err != nil && ctx.Err() == nil {
			log.Error("letters", "error", err)
		}
		wait := lettersEvery
		if n > 0 && err == nil {
			wait = 0 // there may be more
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// Send sends what is due, once, and returns how many deliveries it took. What another
// node has is passed over.
func Send(ctx context.Context, desk *casework.Desk, p Post) (taken int, failed error) {
	due, err := desk.DeliveriesDue(ctx)
	if err != nil {
		return 0, err
	}
	var one sync.Mutex
	var all sync.WaitGroup
	room := make(chan struct{}, sendersMost)
	for _, d := range due {
		if d.Channel == message.Mail && p.Mail == nil || d.Channel != message.Mail && p.Hook == nil {
			continue
		}
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			mine, err := send(ctx, desk, p, d)
			one.Lock()
			defer one.Unlock()
			if mine {
				taken++
			}
			failed = errors.Join(failed, err)
		})
	}
	all.Wait()
	return taken, failed
}

// send takes one delivery, sends it, and notes what came of it. What was sent is noted
// though the process is told to end meanwhile: or it would be sent again.
func send(ctx context.Context, desk *casework.Desk, p Post, d casework.Delivery) (mine bool, err error) {
	out, err := desk.TakeDelivery(ctx, d.ID, p.Base)
	if k := fault.KindOf(err); err != nil && (k == fault.Refused || k == fault.Conflict) {
		return false, nil // another node has it
	}
	if err != nil || out == nil {
		return err == nil, err
	}
	var o message.Outcome
	if d.Channel == message.Mail {
		o = p.Mail.Send(ctx, mail.Letter{ID: string(d.ID), To: out.To, Subject: out.Subject, Text: out.Text, At: d.MadeAt})
	} else {
		o = p.Hook.Send(ctx, hook.Told{ID: string(d.ID), Channel: d.Channel, Address: out.To, Secret: out.Secret, Text: out.Text, Body: out.Body}, desk.Now())
	}
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return true, desk.CloseDelivery(noting, out.Delivery, o)
}
