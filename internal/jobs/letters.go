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

// atOnce is how many deliveries are on their way to one receiver at once.
const atOnce = 4

// Letters sends what is due, until ctx is done. It runs on every node. Each receiver has a
// lane of its own: one that hangs holds up nothing that is for another.
func Letters(ctx context.Context, desk *casework.Desk, p Post, log *slog.Logger) {
	s := sending{desk: desk, post: p, busy: map[string]bool{}, more: make(chan struct{}, 1)}
	defer s.lanes.Wait()
	for ctx.Err() == nil {
		err := s.dispatch(ctx, func(_ int, err error) {
			if err != nil && ctx.Err() == nil {
				log.Error("letters", "error", err)
			}
		})
		if err != nil && ctx.Err() == nil {
			log.Error("letters", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(lettersEvery):
		case <-s.more:
		}
	}
}

// Send sends what is due, once, waits for all of it, and returns how many deliveries it
// took. What another node has is passed over.
func Send(ctx context.Context, desk *casework.Desk, p Post) (taken int, failed error) {
	s := sending{desk: desk, post: p, busy: map[string]bool{}, more: make(chan struct{}, 1)}
	var one sync.Mutex
	err := s.dispatch(ctx, func(n int, err error) {
		one.Lock()
		defer one.Unlock()
		taken, failed = taken+n, errors.Join(failed, err)
	})
	s.lanes.Wait()
	return taken, errors.Join(err, failed)
}

// sending is what is on its way from this node.
type sending struct {
	desk  *casework.Desk
	post  Post
	lanes sync.WaitGroup
	lock  sync.Mutex
	busy  map[string]bool // receivers that something is on its way to
	more  chan struct{}   // a lane is through, and there may be more for it
}

// dispatch lets go what is due for receivers that nothing is on its way to, each in a lane
// of its own. through hears what came of a lane.
func (s *sending) dispatch(ctx context.Context, through func(taken int, err error)) error {
	due, err := s.desk.DeliveriesDue(ctx)
	if err != nil {
		return err
	}
	lanes := map[string][]casework.Delivery{}
	for _, d := range due {
		if d.Channel == message.Mail && s.post.Mail != nil || d.Channel != message.Mail && s.post.Hook != nil {
			lanes[d.Receiver()] = append(lanes[d.Receiver()], d)
		}
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	for to, all := range lanes {
		if s.busy[to] {
			continue
		}
		s.busy[to] = true
		s.lanes.Go(func() {
			taken, err := s.lane(ctx, all)
			s.lock.Lock()
			delete(s.busy, to)
			s.lock.Unlock()
			through(taken, err)
			if taken > 0 && err == nil {
				select {
				case s.more <- struct{}{}:
				default:
				}
			}
		})
	}
	return nil
}

// lane sends what is for one receiver, a few at once, and leaves the rest for later when
// it does not answer in time.
func (s *sending) lane(ctx context.Context, all []casework.Delivery) (taken int, failed error) {
	var one sync.Mutex
	var under sync.WaitGroup
	hangs, room := false, make(chan struct{}, atOnce)
	for _, d := range all {
		room <- struct{}{}
		one.Lock()
		stop := hangs
		one.Unlock()
		if stop || ctx.Err() != nil {
			break
		}
		under.Go(func() {
			defer func() { <-room }()
			mine, o, err := send(ctx, s.desk, s.post, d)
			one.Lock()
			defer one.Unlock()
			if mine {
				taken++
			}
			hangs, failed = hangs || o.Hangs, errors.Join(failed, err)
		})
	}
	under.Wait()
	return taken, failed
}

// send takes one delivery, sends it, and notes what came of it. What was sent is noted
// though the process is told to end meanwhile: or it would be sent again.
func send(ctx context.Context, desk *casework.Desk, p Post, d casework.Delivery) (mine bool, o message.Outcome, err error) {
	out, err := desk.TakeDelivery(ctx, d.ID, p.Base)
	if k := fault.KindOf(err); err != nil && (k == fault.Refused || k == fault.Conflict) {
		return false, o, nil // another node has it
	}
	if err != nil || out == nil {
		return err == nil, o, err
	}
	if d.Channel == message.Mail {
		o = p.Mail.Send(ctx, mail.Letter{ID: string(d.ID), To: out.To, Subject: out.Subject, Text: out.Text, At: d.MadeAt})
	} else {
		o = p.Hook.Send(ctx, hook.Told{ID: string(d.ID), Channel: d.Channel, Address: out.To, Secret: out.Secret, Text: out.Text, Body: out.Body}, desk.Now())
	}
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return true, o, desk.CloseDelivery(noting, out.Delivery, o)
}
