// Package facts is what the conditions of a programme may read of an organisation, and how
// such a condition is read.
package facts

import "shifan/internal/lifecycle/expression"

// Org is what the expressions of a programme's rules may read: everything
// about one organisation as it stands for one rule, that is within that rule's
// window. Each field is a fact; its tag is the name that an expression uses
// after "org.", and the comment of its line is its meaning and unit. The list of
// names for a programme's author is docs/programme-format.md; a test compares
// the two. A tag "words" lists the values that a text can have; a tag "window" says
// that the fact looks at a time, "span", or at the complete years in it, "years": a
// rule that reads it has such a window, or it would find nothing and say nothing.
//
// The chapter organisation fills the values in. A fact that is not known goes
// into Unknown with the reason, and its field keeps the zero value; a rule that
// depends on it then says 存疑 or 暂无结论 and never guesses.
type Org struct {
	Code         string `expr:"信用代码"`                                         // the Unified Social Credit Code, 18 signs
	Prefix       string `expr:"登记层级前缀"`                                       // its first eight signs: class and registering authority (S14; facts.md §1.3)
	Kind         string `expr:"类别" words:"社会团体,社会服务机构,基金会,农民专业合作社,其他"`        // by its code; 其他 for what none of the words fits
	State        string `expr:"状态" words:"正常,已注销,已撤销,已合并"`                    // at the deadline; 已撤销 is a registration struck off or revoked (S14)
	Years        int    `expr:"年限"`                                           // full years from registration to the deadline
	Months       int    `expr:"成立月数"`                                         // full months from registration to the deadline
	WindowYears  []int  `expr:"窗口年度" window:"years"`                          // the complete years of the window, for bodies younger than it only theirs
	Shortened    bool   `expr:"窗口从登记起" window:"span"`                         // the body is younger than the window (facts.md §2.5)
	PartyForm    string `expr:"党组织形式" words:"党委,党总支,党支部,联合党支部,临时党支部,功能型党组织,"` // "" for none (S17)
	PartyMembers int    `expr:"正式党员数"`                                        // full members of the Party organisation

	ElectionOnTime bool   `expr:"按时换届"`                             // every election in the window was held in time, none is overdue (S18; facts.md §3)
	Election       string `expr:"换届状态" words:"未到期,临期,已批准延期,逾期,不适用"` // at the deadline
	Charter        bool   `expr:"章程写入"`                             // the charter upholds the Party's overall leadership, approved by the registrar (S9)

	Grade      int  `expr:"评估等级"`   // 1 to 5 for A to 5A; 0 for none; whatever its validity (S38)
	GradeValid bool `expr:"评估等级有效"` // the grade is valid at the deadline, by the rule in force when it was announced (facts.md §4)

	Inspections []string `expr:"年检结论" window:"years" words:"合格,基本合格,不合格,未参检,尚无结论,不适用（年报已报）,不适用（当年新登记）,年报未报"` // one a year of 窗口年度, in order (S37)

	Penalties        int `expr:"行政处罚次数" window:"span"` // penalties of the body decided in the window and not quashed; a warning counts (S36)
	PenaltiesInDoubt int `expr:"存疑处罚次数" window:"span"` // of a branch or a person of the body, or decided before the window and performed in it (S36)

	Abnormal         bool `expr:"在异常名录"`                    // on the list of abnormal activity at the deadline (S35)
	AbnormalInWindow bool `expr:"窗口内曾在异常名录" window:"span"`  // at any time in the window
	Untrusted        bool `expr:"严重失信"`                     // on the list of seriously untrustworthy bodies at the deadline (S35)
	UntrustedBefore  bool `expr:"窗口内曾列入严重失信" window:"span"` // at any time in the window

	Holds      bool `expr:"持有本称号"`                 // holds a valid title of this programme at the deadline (S67)
	MonthsLeft int  `expr:"称号剩余月数"`                // full months from the deadline to the end of that title; 0 when there is none
	Barred     bool `expr:"禁止申报期内"`                // a title was revoked and the bar has not passed (S72)
	Fraud      bool `expr:"曾查实弄虚作假" window:"span"` // a fraud finding stands in the window (S64)

	Trainings  []int `expr:"每年培训次数" window:"years"`   // trainings of members, one number a year of 窗口年度 (S25)
	DuesMonths []int `expr:"每年按时收缴月数" window:"years"` // months in which dues came in time, 0 to 12, one a year (S24)
	Charity    []int `expr:"每年公益活动次数" window:"years"` // charity activities, one a year (S40)

	// Unknown holds the facts that are not known, by the name that expressions
	// use without "org.": why, and which verdict follows.
	Unknown map[string]Unknown `expr:"-"`
}

// Unknown says why a fact is not known and what follows for the rules that need
// it: Doubtful when a person has to judge, Pending when the conclusion is still
// to come.
type Unknown struct {
	Verdict expression.Verdict
	Why     string // a sentence
}

// Environment is what an expression may name.
type Environment struct {
	Org Org `expr:"org"`
}

// Check says where an expression of a programme is wrong, or nothing. It
// must read facts of org only and yield true or false.
func Check(source string) *expression.Error {
	_, err := expression.Compile(source, Environment{}, "org")
	return err
}

// Reads lists the facts that an expression without a slip reads, in its order.
func Reads(source string) []string {
	e, err := expression.Compile(source, Environment{}, "org")
	if err != nil {
		return nil
	}
	return e.Reads
}

// Compared lists the texts that an expression without a slip compares facts with.
func Compared(source string) []expression.Comparison { return expression.Comparisons(source, "org") }

// Names lists the names that an expression may use after "org.", in the
// order of Org.
func Names() []string { return expression.Names(Org{}) }
