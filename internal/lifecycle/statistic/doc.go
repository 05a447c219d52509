// Package statistic says what counts mean (统计): how many applications of a round
// came how far and where the others ended, how long each stage took against its
// limit and where it waits now, which criteria were most often unmet, and how far
// scores lie apart.
//
// It is given counts; of a single application it says only which figures count it (Figure),
// so that the list behind a number is made by the rule of the number. The funnel is made of where
// each application stands now; what the chapters themselves counted is held against
// it, and Reconcile names the stage that does not come out (S76: the totals
// reconcile at every stage). Rates are whole thousandths, rounded down, so that no
// share is ever said to be more than it is.
//
// The office sees every count. The public sees those of a round that is over, and of
// a group only what tells nothing of a single applicant: see Public.
package statistic
