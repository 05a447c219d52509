package application_test

import (
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/application"
)

// TestWithdrawUntilTheDeadline: both sides of 24:00 on 10 July.
func TestWithdrawUntilTheDeadline(t *testing.T) {
	t.Parallel()
	f := someFacts()
	for when, code := range map[string]string{"2021-07-10 23:59:59": "", "2021-07-11 00:00:00": "application.withdraw.late", "2021-07-20 09:00:00": "application.withdraw.late"} {
		d := submitted(t, f)
		_, err := d.Withdraw(applicant, f.Round, at(t, when))
		if code == "" && (err != nil || d.State != application.Withdrawn) || code != "" && (fault.CodeOf(err) != code || d.State != application.Submitted) {
			t.Errorf("at %s: %s, %v", when, d.State, err)
		}
		c := submitted(t, f)
		if c.State = application.Correcting; code != "" {
			if _, err := c.Withdraw(applicant, f.Round, at(t, when)); fault.CodeOf(err) != code {
				t.Errorf("while it is corrected, at %s: %v", when, err)
			}
		}
	}
}
