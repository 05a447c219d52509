package store

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/invariant/together"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/story"
)

// checkTogether holds several things against what must be true of them at once.
func (l *look) checkTogether(c together.Case) error {
	c.Now = l.at
	return together.Check(&c)
}

// draw looks at a draw with the others of its round.
func (l *look) draw(d *draw.Draw) error {
	all, err := pointers(l.DrawsOf(d.Round))
	if err != nil {
		return err
	}
	return l.checkTogether(together.Case{Draw: &together.Drawn{Draw: d, Others: all}})
}

func (l *look) sampleOf(key id.Calibration) error {
	s, err := there(l.Calibration(key))
	if err != nil || s == nil {
		return err
	}
	return l.sample(s)
}

// sample looks at a sample with everybody's marks of it, and with the indicators of its
// round once nobody changes them.
func (l *look) sample(s *calibration.Calibration) error {
	if !l.first(calibrations.name, string(s.ID)) {
		return nil
	}
	c := together.Sample{Calibration: s}
	r, err := l.Round(s.Round)
	if err == nil {
		c.Marks, err = l.MarkingsOf(s.ID)
	}
	if err == nil && r.Published() {
		p, wrong := l.ProgrammeOf(s.Round)
		if err = wrong; err == nil {
			c.Indicators = p.Indicators(r.Year)
		}
	}
	if err != nil {
		return err
	}
	return l.checkTogether(together.Case{Sample: &c})
}

// division looks at a title whose holder was split up with those of its heirs.
func (l *look) division(d *designation.Designation) error {
	o, err := l.Organisation(d.Organisation)
	c := together.Division{Designation: d, Into: o.Successors()}
	for _, h := range d.Heirs {
		if err != nil {
			return err
		}
		if h.Title == "" {
			continue
		}
		var t *designation.Designation
		if t, err = there(l.Designation(h.Title)); t != nil {
			c.Held = append(c.Held, t)
		}
	}
	if err != nil {
		return err
	}
	return l.checkTogether(together.Case{Division: &c})
}

// story looks at a story with its title, and at the title with all that it has.
func (l *look) story(s *story.Story) error {
	d, err := there(l.Designation(s.Designation))
	if err != nil || d == nil {
		return err
	}
	if err := l.checkTogether(together.Case{Story: &together.Story{Story: s, Title: d}}); err != nil {
		return err
	}
	return l.title(d)
}

// delivery looks at what is sent with the messages that it is of.
func (l *look) delivery(d *message.Delivery) error {
	c := together.Letter{Delivery: d}
	for _, key := range d.Messages {
		m, err := there(l.Message(key))
		if err != nil {
			return err
		}
		if m != nil { // one that was read long ago may be forgotten
			c.Messages = append(c.Messages, m)
		}
	}
	return l.checkTogether(together.Case{Letter: &c})
}
