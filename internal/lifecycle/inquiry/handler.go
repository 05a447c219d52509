package inquiry

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
)

const untied = "制度:由没有利害关系的人核查"

var (
	errNobody = fault.Define(fault.Invalid, "inquiry.assign.nobody",
		"没有选由谁核查，或者选的不是办公室经办人。", untied)
	errInterest = fault.Define(fault.Refused, "inquiry.assign.interest",
		"%s%s，不能核查这一件。请另派一人。", untied)
	errSame = fault.Define(fault.Refused, "inquiry.assign.same",
		"已经由这位经办人核查。", "")
	errHandler = fault.Define(fault.Forbidden, "inquiry.handler",
		"这一件由指定的经办人核查，别人不能办理这一步。", untied)
	errLeak = fault.Define(fault.Invalid, "inquiry.leak",
		"%s里出现了%s的姓名或者联系方式。删掉再提交。", "制度:异议人、反映人身份保密")
)

// Handler is a clerk who might look into a case.
type Handler struct {
	Account  id.Account
	Name     string
	Interest string // why they may not: 兼任该单位经办人; empty: no interest is known
}

// Take refuses to give a case, which handler has now, to somebody who may not have it: to
// nobody, to who has an interest in it, or to the same once more.
func (h Handler) Take(handler id.Account) error {
	switch {
	case h.Account == "":
		return errNobody.At("handler")
	case h.Interest != "":
		return errInterest.At("handler", h.Name, h.Interest)
	case h.Account == handler:
		return errSame.New()
	}
	return nil
}

// Mine refuses whoever is not the handler of a case. h is what is known of the actor now:
// an interest may have come up since the case was given.
func (h Handler) Mine(actor, handler id.Account) error {
	switch {
	case handler == "" || actor != handler || h.Account != handler:
		return errHandler.New()
	case h.Interest != "":
		return errInterest.New(h.Name, h.Interest)
	}
	return nil
}

// Source is who raised a case. It is kept apart from the case.
type Source struct {
	Name    string // empty when unsigned
	Contact string
}

// Tells reports whether a text gives the source away.
func (s Source) Tells(text string) bool {
	for _, part := range []string{s.Name, s.Contact} {
		if part = strings.TrimSpace(part); part != "" && strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// Secret refuses a text that others read when it gives the source away; who is what the
// source is called: 异议人. It returns nil for a text that does not.
func (s Source) Secret(who, path, label, text string) *fault.Fault {
	if s.Tells(text) {
		return errLeak.At(path, label, who)
	}
	return nil
}

// Fingerprint tells whether the same was sent before: by the same source about the same
// thing in the same words, whatever the blanks between them.
func (s Source) Fingerprint(about, text string) string {
	text = strings.Join(strings.Fields(text), " ")
	sum := sha256.Sum256([]byte(strings.Join([]string{about, s.Name, s.Contact, text}, "\x00")))
	return hex.EncodeToString(sum[:])
}
