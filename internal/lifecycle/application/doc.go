// Package application (申报) is one applicant's file in one round: its
// self-assessment, what it commits to, when it was filed, and what became of it.
//
// The application holds only where in the procedure it is. Each stage keeps a
// small machine of its own, so that adding a stage never touches this one.
package application
