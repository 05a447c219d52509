package api

import (
	"context"
	"slices"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
)

// objectionFiling is an objection as somebody writes it.
type objectionFiling struct {
	Publicity string        `json:"publicity"`
	Candidate string        `json:"candidate" doc:"one of its list"`
	Text      string        `json:"text"`
	Name      string        `json:"name,omitempty" doc:"of the person or the organisation that objects"`
	Contact   string        `json:"contact,omitempty"`
	Unit      bool          `json:"unit,omitempty" doc:"in the name of an organisation"`
	Anonymous bool          `json:"anonymous,omitempty" doc:"unsigned: no name and no contact"`
	Channel   string        `json:"channel,omitempty" doc:"how it came, when a clerk registers it"`
	On        calendar.Date `json:"on,omitzero" doc:"of the postmark or the call, when a clerk registers it"`
	Code      string        `json:"code,omitempty" doc:"the query code that the check gave; needed to file"`
}

func (in objectionFiling) filing(by stage.Actor) objection.Filing {
	f := objection.Filing{Channel: objection.Web, On: in.On, Anonymous: in.Anonymous, Unit: in.Unit, Name: in.Name, Contact: in.Contact, Text: in.Text}
	if by.Role == stage.Clerk && in.Channel != "" {
		f.Channel = in.Channel
	}
	return f
}

// misuseFiling is a report of misuse as somebody writes it.
type misuseFiling struct {
	Plaque  string `json:"plaque" doc:"the verification code on the plaque or the certificate"`
	About   string `json:"about" doc:"forged, elsewhere, profit, ended or other"`
	Place   string `json:"place,omitempty"`
	Text    string `json:"text"`
	Name    string `json:"name,omitempty" doc:"left out: unsigned"`
	Contact string `json:"contact,omitempty"`

	Channel string        `json:"channel,omitempty" doc:"how it came, when a clerk registers it"`
	On      calendar.Date `json:"on,omitzero" doc:"of the postmark or the call, when a clerk registers it"`

	Code string `json:"code,omitempty" doc:"the query code that the check gave; needed to file"`
}

func (in misuseFiling) filing(by stage.Actor) misuse.Filing {
	f := misuse.Filing{About: in.About, Place: in.Place, Text: in.Text, Name: in.Name, Contact: in.Contact}
	if by.Role == stage.Clerk {
		f.Channel, f.On = in.Channel, in.On
	}
	return f
}

// filingChecked is the answer to what was looked at before it is filed.
type filingChecked struct {
	Code string `json:"code" doc:"to file with, and to ask by how the case stands; whoever has it has the case"`
	Name string `json:"name" doc:"of the candidate, or of the holder of the title"`
}

// filingReceipt is what the one who files gets.
type filingReceipt struct {
	Code string `json:"code"`
	caseStatus
}

var (
	errFilingCode = fault.Define(fault.Invalid, "api.filing.code",
		"先把同样的内容交给 /%s/check，再带上它给出的 code 提交。同一个 code 提交几次也只有一件。", "")
	errFilingWhom = fault.Define(fault.Invalid, "api.filing.candidate",
		"candidate 不是这次公示名单上的。先读取 /publicities/%s，用名单里的 id。", "")
)

// coded refuses what is no query code.
func coded(chapter, code string) error {
	const signs = "0123456789abcdefghjkmnpqrstvwxyz"
	plain := strings.ToLower(strings.ReplaceAll(code, "-", ""))
	if len(plain) != 16 || strings.Trim(plain, signs) != "" {
		return errFilingCode.At("code", chapter)
	}
	return nil
}

// against finds the candidate of an objection on the list that it names.
func (in objectionFiling) against(c *call) (name string, err error) {
	v, err := c.desk.Publicity(c.Context(), c.Actor, id.Publicity(in.Publicity))
	if err == nil && !v.Publicity.Published() {
		err = fault.Missing()
	}
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(v.Candidates, func(l publicity.Candidate) bool { return string(l.ID) == in.Candidate })
	if i < 0 {
		return "", errFilingWhom.At("candidate", in.Publicity)
	}
	return v.Candidates[i].Name, in.filing(c.Actor).Check()
}

// titleOf finds the title behind a verification code.
func (in misuseFiling) titleOf(c *call) (code, name string, err error) {
	if code, err = plaque.ParseCode(in.Plaque); err != nil {
		return "", "", fault.Missing()
	}
	v, err := c.desk.Verify(c.Context(), code)
	return code, v.Title.Designation.Name, err
}

// file opens the case under the query code that the check gave.
func (in misuseFiling) file(c *call, open func(context.Context, string, misuse.Filing, string) (casework.MisuseReceipt, error)) (filingReceipt, error) {
	if err := coded("misuses", in.Code); err != nil {
		return filingReceipt{}, err
	}
	code, _, err := in.titleOf(c)
	if err != nil {
		return filingReceipt{}, err
	}
	r, err := open(c.Context(), code, in.filing(c.Actor), in.Code)
	return filingReceipt{r.Code, misuseStatusOf(r)}, err
}

// filingRoutes let anybody object and report misuse. A filing is looked at first, which
// gives its query code, and is then filed with it: the same code twice is one case.
func filingRoutes() []route {
	anybody := []stage.Role{stage.Public, stage.Clerk}
	return []route{
		asking("/objections/check", "checkObjection", "Look once more at an objection before it is filed; gives its query code.", "POST /publicities/{id}/objections/check", anybody, func(c *call, in objectionFiling) (filingChecked, error) {
			name, err := in.against(c)
			return filingChecked{c.desk.ObjectionCode(), name}, err
		}).freely(),
		asking("/objections", "fileObjection", "Object to a candidate. A clerk registers a letter, a call or a visit, whose scan is then sent along.", "POST /publicities/{id}/objections/new", anybody, func(c *call, in objectionFiling) (filingReceipt, error) {
			if err := coded("objections", in.Code); err != nil {
				return filingReceipt{}, err
			}
			if _, err := in.against(c); err != nil {
				return filingReceipt{}, err
			}
			r, err := c.desk.FileObjection(c.Context(), c.Actor, id.Candidate(in.Candidate), in.filing(c.Actor), in.Code)
			return filingReceipt{r.Code, objectionStatusOf(r)}, err
		}).filing(),
		asking("/misuses/check", "checkMisuse", "Look once more at a report of misuse before it is filed; gives its query code.", "POST /v/{code}/report", everyone, func(c *call, in misuseFiling) (filingChecked, error) {
			_, name, err := in.titleOf(c)
			if err == nil {
				err = in.filing(c.Actor).Check()
			}
			return filingChecked{c.desk.ObjectionCode(), name}, err
		}).freely(),
		asking("/misuses", "fileMisuse", "Report that a title or a plaque is misused.", "POST /v/{code}/report", everyone, func(c *call, in misuseFiling) (filingReceipt, error) {
			return in.file(c, c.desk.FileMisuse)
		}).filing(),
		asking("/misuses/register", "registerMisuse", "Register a report that came by letter, by telephone or in person, as a clerk; it is checked as the public's is.", "POST /misuses/new", []stage.Role{stage.Clerk}, func(c *call, in misuseFiling) (filingReceipt, error) {
			return in.file(c, func(ctx context.Context, code string, f misuse.Filing, query string) (casework.MisuseReceipt, error) {
				return c.desk.RegisterMisuse(ctx, c.Actor, code, f, query)
			})
		}).itself(),
		asking("/draws/verify", "verifyDraw", "Recompute a draw from its published record.", "POST /draws/verify", everyone, verifyDraw).freely(),
	}
}
