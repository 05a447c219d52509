package programme

import (
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/template"
)

// Programme is one version of a programme file.
type Programme struct {
	Name          id.Programme  `yaml:"name"`    // the slug, and the programme's identifier
	Version       int           `yaml:"version"` // counts up; a round keeps the one it opened with
	Title         string        `yaml:"title"`   // the one canonical name (S1)
	Aliases       []string      `yaml:"aliases"` // other spellings, for search only (S1)
	Base          string        `yaml:"base"`    // what a holder is called, 示范基地
	Issuer        Body          `yaml:"issuer"`
	Office        Body          `yaml:"office"`
	Basis         []Provision   `yaml:"basis"`    // the documents it rests on
	Approval      Approval      `yaml:"approval"` // without one a call is not published (facts.md §5)
	Applicants    Applicants    `yaml:"applicants"`
	Eligibility   []Rule        `yaml:"eligibility"`
	Criteria      []Group       `yaml:"criteria"`
	Procedure     []string      `yaml:"procedure"` // names of stages, in order: review, visit, meeting, publicity
	Cycle         Cycle         `yaml:"cycle"`
	Filing        Filing        `yaml:"filing"`
	Interests     Interests     `yaml:"interests"`
	Review        Review        `yaml:"review"`
	Visit         Visit         `yaml:"visit"`
	Meeting       Meeting       `yaml:"meeting"`
	Publicity     Publicity     `yaml:"publicity"`
	Naming        Naming        `yaml:"naming"`
	Validity      Validity      `yaml:"validity"`
	Recheck       Recheck       `yaml:"recheck"`
	Rectification Rectification `yaml:"rectification"`
	Revocation    Revocation    `yaml:"revocation"`
	Abolition     string        `yaml:"abolition"` // keep_until_expiry or end_at_once
	Plaque        Plaque        `yaml:"plaque"`
	Documents     []Document    `yaml:"documents"`
	Messages      []Message     `yaml:"messages"` // words of its own; of the others the usual ones hold

	Quota          Quota             `yaml:"quota"`          // of the whole programme; a round and a category may set their own
	Recommendation []Level           `yaml:"recommendation"` // levels that recommend before the office receives; empty: one applies directly
	Prerequisites  []Prerequisite    `yaml:"prerequisites"`  // titles that one must hold already
	Consultation   Consultation      `yaml:"consultation"`
	Scoring        Scoring           `yaml:"scoring"`
	Duties         []Duty            `yaml:"duties"`    // what a holder files during the validity
	Events         []Event           `yaml:"events"`    // what a holder reports when it happens
	Sanctions      []string          `yaml:"sanctions"` // the ladder, mildest first: rectify, revoke
	Roles          []RoleTitle       `yaml:"roles"`     // what the roles are called in this programme
	Sources        map[string]string `yaml:"sources"`   // path of a setting → the clause that says so; what is not here was left open
	Clauses        map[string]string `yaml:"clauses"`   // clause of the notice of 2021 that a move rests on → this programme's own; see package cite
}

// Level is one level of recommendation, from the applicant upwards.
type Level struct {
	Title string `yaml:"title"` // 县级主管部门
	Quota int    `yaml:"quota"` // how many it may pass on; 0: no bound
	Days  int    `yaml:"days"`  // working days of its own publicity; 0: none
}

// Prerequisite is a title that one must hold already.
type Prerequisite struct {
	Programme id.Programme `yaml:"programme"` // "" for a title that this system does not keep
	Title     string       `yaml:"title"`
	Years     int          `yaml:"years"` // held for at least this long; 0: any time
}

// Consultation asks other bodies before the decision (征求意见; facts.md §5).
type Consultation struct {
	Bodies  []string `yaml:"bodies"`  // empty: nobody is asked
	Days    int      `yaml:"days"`    // working days to reply
	Silence string   `yaml:"silence"` // no_objection (default) or remind
}

// Scoring says how indicators make an opinion.
type Scoring struct {
	Method   string `yaml:"method"`    // pass_fail (default), scored or graded
	PassMark int    `yaml:"pass_mark"` // points needed when scored
	Strictly bool   `yaml:"strictly"`  // more than the pass mark; otherwise at least
}

// Duty is something a holder files during the validity, such as a yearly form.
type Duty struct {
	Code       string `yaml:"code"`
	Title      string `yaml:"title"`
	EveryYears int    `yaml:"every_years"`
	By         string `yaml:"by"`     // "03-31"
	Missed     string `yaml:"missed"` // remind, rectify or revoke
}

// Event is something a holder reports when it happens.
type Event struct {
	Code  string `yaml:"code"`
	Title string `yaml:"title"`
	Days  int    `yaml:"days"`  // natural days to report it
	Leads string `yaml:"leads"` // to record, recheck or revoke
}

// RoleTitle says what a role is called and which body it sits in.
type RoleTitle struct {
	Role  stage.Role `yaml:"role"`
	Title string     `yaml:"title"`
	Body  string     `yaml:"body"`
}

// Body is an organ with a name and its other names.
type Body struct {
	Name    string   `yaml:"name"`
	Short   string   `yaml:"short"`
	Aliases []string `yaml:"aliases"`
	Site    string   `yaml:"site"`    // name of the web site that carries its notices
	Contact string   `yaml:"contact"` // how to reach it, shown in the call; set by the installation (S6)
}

// Provision is a document and the clause meant.
type Provision struct {
	Title  string `yaml:"title"`
	Number string `yaml:"number"`
	Clause string `yaml:"clause"`
}

// Approval is what allows the programme to exist (创建示范活动管理办法, art. 4).
type Approval struct {
	Document string        `yaml:"document"`
	Number   string        `yaml:"number"`
	Item     string        `yaml:"item"`     // item of the approved catalogue
	ValidTo  calendar.Date `yaml:"valid_to"` // zero: no end
	Override string        `yaml:"override"` // why it may run without one, printed in the call
}

// Applicants says who may apply.
type Applicants struct {
	Word       string     `yaml:"word"`       // what applicants are called: 社区居民委员会; empty: words.Applicant says
	Kinds      []string   `yaml:"kinds"`      // association, service, foundation, cooperative
	Prefixes   []string   `yaml:"prefixes"`   // registration codes begin with one of these; empty: any
	Party      bool       `yaml:"party"`      // the applicant is the Party organisation of the body
	Categories []Category `yaml:"categories"` // S8; empty: one category for all
	HolderMay  string     `yaml:"holder_may"` // never, last_year (default) or always apply while holding the title (S67)
	BarMonths  int        `yaml:"bar_months"` // months after a revocation in which one may not apply
}

// Category is a group of applicants with its own quota.
type Category struct {
	Code  string   `yaml:"code"`
	Title string   `yaml:"title"`
	Kinds []string `yaml:"kinds"`
	Quota Quota    `yaml:"quota"`
}

// Quota bounds how many are chosen. Zero means no bound; fewer than Max, and
// none at all, are always allowed (S7).
type Quota struct {
	Kind    string `yaml:"kind"`    // none (default), fixed, percent (of those who apply) or tree (shares of the levels)
	Max     int    `yaml:"max"`     // for fixed
	Percent int    `yaml:"percent"` // for percent
}

// Rule is one rule of eligibility: an expression over the facts of an
// organisation that must hold.
type Rule struct {
	Code    string `yaml:"code"`
	Title   string `yaml:"title"`
	Expr    string `yaml:"expr"`   // what must hold: expr-lang over Facts, such as org.评估等级 >= 3
	Doubt   string `yaml:"doubt"`  // when this holds, a person has to judge (存疑); empty: never
	Wait    string `yaml:"wait"`   // when this holds, the conclusion is still to come (暂无结论); empty: never
	Clause  string `yaml:"clause"` // where it comes from
	Window  Window `yaml:"window"` // which time it looks at; resolved and printed
	Message string `yaml:"message"`
	RedLine bool   `yaml:"red_line"` // 红线
}

// Window is the time a rule looks at.
type Window struct {
	Kind   string `yaml:"kind"`   // none, at_deadline, months_back or complete_years
	Length int    `yaml:"length"` // months or years
}

// Group is a group of criteria.
type Group struct {
	Code       string      `yaml:"code"`
	Title      string      `yaml:"title"`
	Clause     string      `yaml:"clause"`
	Floor      int         `yaml:"floor"`    // of the group's own points, what one must reach to pass; 0: no floor
	Strictly   bool        `yaml:"strictly"` // more than the floor; otherwise at least
	Indicators []Indicator `yaml:"indicators"`
}

// Indicator is one criterion that an applicant answers and a reviewer judges.
type Indicator struct {
	Code      string   `yaml:"code"` // "1-2"
	Title     string   `yaml:"title"`
	Text      string   `yaml:"text"`
	Clause    string   `yaml:"clause"`
	Judged    string   `yaml:"judged"` // pass_fail, scored (points), graded (one of the levels) or veto
	Points    int      `yaml:"points"` // the most that one gets, where it is scored or graded
	Weight    int      `yaml:"weight"` // points of the total that full points are worth; 0: the points themselves
	Levels    []Anchor `yaml:"levels"` // what each level looks like, the best first; empty: none are described
	Evidence  []string `yaml:"evidence"`
	Files     int      `yaml:"files"`      // how many files must be uploaded at least; 0: none need be
	Phrase    string   `yaml:"phrase"`     // a sentence that an uploaded file must say, looked for by the machine and judged by people (S9); empty: none
	Sample    string   `yaml:"sample"`     // an example of a good answer
	BlankForm string   `yaml:"blank_form"` // the blank form's file name, if there is one
	Known     []string `yaml:"known"`      // facts that stand beside the form, so that nobody files them again: names of Facts
	Rules     []string `yaml:"rules"`      // codes of conditions of eligibility whose verdicts stand beside it where it is judged; empty: none do
	Words     int      `yaml:"words"`      // longest statement in 字; 0: the default of 800
	Years     []int    `yaml:"years"`      // rounds in which it counts; empty: all (S42)
	At        string   `yaml:"at"`         // who looks: review (default) or visit
}

// Anchor is one level of an indicator, described so that two people who see the same
// thing give the same (Jonsson & Svingby 2007: agreement rises with descriptors).
type Anchor struct {
	Title  string `yaml:"title"`  // 优秀
	Points int    `yaml:"points"` // where points are given: what this level begins at, or is worth when graded
	Text   string `yaml:"text"`   // what one sees there
}

// Scored reports whether points are given: any whole number up to the most (scored), or
// those of a level (graded).
func (i Indicator) Scored() bool { return i.Judged == "scored" || i.Judged == "graded" }

// Cycle says how often a round is held.
type Cycle struct {
	EveryYears int     `yaml:"every_years"` // 1: every year (S13)
	Phases     []Phase `yaml:"phases"`      // empty: all stages in the round's own year
}

// Phase puts some stages of a round into a later year.
type Phase struct {
	Stages []string `yaml:"stages"`
	Year   int      `yaml:"year"` // years after the call's
}

// Filing holds the deadline's policies (S5, S45; facts.md §2.5).
type Filing struct {
	Deadline string `yaml:"deadline"`  // "07-10", the usual day; a round may set another
	Time     string `yaml:"time"`      // "24:00" (default) or a time of that day
	RestDay  string `yaml:"rest_day"`  // strict (default) or roll_forward
	MinDays  int    `yaml:"min_days"`  // fewer days between publication and deadline give a warning (S2)
	AcceptIn int    `yaml:"accept_in"` // working days for the office to accept
	Paper    string `yaml:"paper"`     // receipt (default) or postmark decides for paper filings
}

// Interests says how those who examine, visit and decide tell of their ties to
// applicants (S48, S65; facts.md §7).
type Interests struct {
	Yearly       bool `yaml:"yearly"`        // without a statement of the last year one neither examines nor visits; default no
	AssessedVote bool `yaml:"assessed_vote"` // members who examined or visited an applicant vote on it all the same; default no
}

// Review holds the settings of the preliminary review (S46).
type Review struct {
	Days            int    `yaml:"days"`             // working days from the deadline
	CorrectionDays  int    `yaml:"correction_days"`  // working days to mend defects
	CorrectionFacts string `yaml:"correction_facts"` // clarify_only (default) or new_facts after the deadline
	FourEyes        bool   `yaml:"four_eyes"`        // a second person confirms (S65)
}

// Visit holds the settings of the on-site assessment (S48–S51).
type Visit struct {
	Scope      string   `yaml:"scope"`       // all (default) or chosen
	TeamMin    int      `yaml:"team_min"`    // default 3
	Methods    []string `yaml:"methods"`     // default: papers, premises, interviews
	NoticeDays int      `yaml:"notice_days"` // working days between notice and visit

	Calibration   string    `yaml:"calibration"`    // optional (default) or required: whether who scores and signs has marked the round's samples first
	PhotoPosition string    `yaml:"photo_position"` // of photos taken there: strip (default) or keep
	Team          string    `yaml:"team"`           // appointment (default) or draw: how a team comes about; an appointment then has to give its reason
	Strata        []Stratum `yaml:"strata"`         // what the pool is parted into; empty: one part of everybody
}

// Stratum is a part of the pool of assessors, and how many of a team come from it.
type Stratum struct {
	Code  string `yaml:"code"`
	Title string `yaml:"title"`
	Seats int    `yaml:"seats"`
	Lead  bool   `yaml:"lead"` // the team's leader comes from it
}

// Fraction is a share of votes, compared by integer arithmetic only.
type Fraction struct {
	Of       [2]int `yaml:"of"`       // {2, 3}
	Strictly bool   `yaml:"strictly"` // more than; otherwise at least
}

// Meeting holds the committee's decision rule (S52–S54; facts.md §7).
type Meeting struct {
	Body         string   `yaml:"body"`          // who decides, 联合党委全体委员会议
	Quorum       Fraction `yaml:"quorum"`        // of those entitled; default at least 2/3
	Majority     Fraction `yaml:"majority"`      // default more than 1/2
	Of           string   `yaml:"of"`            // entitled (default) or present: the denominator
	RecusedCount bool     `yaml:"recused_count"` // recused members stay in the denominator; default no
	WrittenCount bool     `yaml:"written_count"` // written opinions of absent members count as votes; default no
	Ballot       string   `yaml:"ballot"`        // named (default), paper or secret
	Tie          string   `yaml:"tie"`           // lost (default), again or chair
	MaterialDays int      `yaml:"material_days"` // days before the meeting by which papers are out
	OverQuota    string   `yaml:"over_quota"`    // ayes (default), second_ballot, marks or ranks
}

// Publicity holds the settings of the publicity (S55–S58).
type Publicity struct {
	Days          int    `yaml:"days"`            // working days; 5
	CountFirstDay bool   `yaml:"count_first_day"` // default no (Civil Code art. 201)
	Place         string `yaml:"place"`           // name of the site that carries it
	RealName      bool   `yaml:"real_name"`       // an objection must be signed
	OnCorrection  string `yaml:"on_correction"`   // restart (default) or extend
	AnswerDays    int    `yaml:"answer_days"`     // working days to answer an objection
	AnsweredBy    string `yaml:"answered_by"`     // office (default), committee or supervisor
	Before        []Show `yaml:"before"`          // publicity at other levels before this one; empty: none
}

// Show is a publicity at another level (两审三公示; facts.md §5).
type Show struct {
	Level string `yaml:"level"`
	Days  int    `yaml:"days"` // working days
	Place string `yaml:"place"`
}

// Naming holds the settings of the naming (S58, S59).
type Naming struct {
	Split    bool     `yaml:"split"`    // candidates without objection need not wait for the others; default yes
	Releases int      `yaml:"releases"` // persons needed to release the list; default 2
	Numbers  string   `yaml:"numbers"`  // the agency's word in document numbers, 吉社联党发
	Cosigned []string `yaml:"cosigned"` // other bodies that sign the naming; empty: none
}

// Validity says how long a designation lasts (S15).
type Validity struct {
	Years  int    `yaml:"years"`  // 0: without end
	From   string `yaml:"from"`   // naming (default), plaque or january
	Policy string `yaml:"policy"` // anniversary (default) or calendar_year
}

// Recheck holds the settings of the recheck (S68, S69).
type Recheck struct {
	EveryYears int    `yaml:"every_years"` // 0: none
	LeadDays   int    `yaml:"lead_days"`   // natural days before the due day on which it starts by itself
	Effect     string `yaml:"effect"`      // renew (default), expire_and_reapply or keep
	Sample     int    `yaml:"sample"`      // per cent of the holders looked at; default 100
	Unfiled    string `yaml:"unfiled"`     // who files no report: fails (default) or remind
	Standard   string `yaml:"standard"`    // current (default) or naming
	Anchor     string `yaml:"anchor"`      // designation (default) or programme
	// What happens to a holder and opens one at once; see trigger.Words. Default none.
	Triggers []string `yaml:"triggers"`
	// The sample of the yearly plan: of the titles that are in force and not due.
	SampleShare  int  `yaml:"sample_share"`  // per cent of them; 0: by number
	SampleNumber int  `yaml:"sample_number"` // how many, where there is no share; 0: none
	SampleSilent bool `yaml:"sample_silent"` // unannounced; default no
}

// Rectification holds the settings of putting right (S70, S71).
type Rectification struct {
	Days       int  `yaml:"days"`       // default 30
	Working    bool `yaml:"working"`    // the days are working days; default natural days
	Months     int  `yaml:"months"`     // instead of days; default 0
	Extensions int  `yaml:"extensions"` // default 1
	RollsOver  bool `yaml:"rolls_over"` // an end on a rest day moves to the next working day; default yes
}

// Revocation holds the settings of withdrawing a designation (S72).
type Revocation struct {
	HearingDays int  `yaml:"hearing_days"` // working days to be heard; default 5
	Publicity   bool `yaml:"publicity"`    // publicise before it takes effect; default no
	AppealDays  int  `yaml:"appeal_days"`  // natural days to appeal; default 60
}

// Plaque says what the plaque and the certificate read, and how the plaque is made (S16).
type Plaque struct {
	Text        string   `yaml:"text"`
	Lines       []string `yaml:"lines"` // below the holder's name, with fields of plate.Fields
	Size        string   `yaml:"size"`  // 600×400毫米; see plate.Sheet
	Material    string   `yaml:"material"`
	Ground      string   `yaml:"ground"`      // #RRGGBB of a printed ground; empty: the material itself
	Certificate string   `yaml:"certificate"` // paragraphs, one a line, with fields of plate.CertificateFields; empty: the usual words
	Recall      bool     `yaml:"recall"`      // handed back after a revocation; default yes (S72)
}

// Document is one official document the programme issues.
type Document = template.OwnDocument

// Message is what the programme says in one kind of message.
type Message = template.OwnMessage

// The stages a procedure may name, in the only order that makes sense.
var Stages = []string{"review", "visit", "meeting", "publicity"}

// The states of a programme (facts.md §5: abolition and merger are real).
const (
	Active    stage.State = "active"
	Suspended stage.State = "suspended"
	Merged    stage.State = "merged"
	Abolished stage.State = "abolished"
)

// Indicator returns the indicator with the given code.
func (p *Programme) Indicator(code string) (Indicator, bool) {
	for _, g := range p.Criteria {
		for _, i := range g.Indicators {
			if i.Code == code {
				return i, true
			}
		}
	}
	return Indicator{}, false
}

// Indicators lists the indicators that count in the given round's year.
func (p *Programme) Indicators(year int) []Indicator {
	all := make([]Indicator, 0, 32)
	for _, g := range p.Criteria {
		for _, i := range g.Indicators {
			if i.CountsIn(year) {
				all = append(all, i)
			}
		}
	}
	return all
}

// CountsIn reports whether the indicator counts in a round of the given year.
func (i Indicator) CountsIn(year int) bool {
	return len(i.Years) == 0 || slices.Contains(i.Years, year)
}
