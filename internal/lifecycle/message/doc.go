// Package message is what people are told without asking (消息): which acts cause a
// message, to whom it goes, and how it gets there.
//
// An act that stands in Causes leaves, in its own transaction, a message for each person
// concerned, and an item in the outbox (发送) for each way that the person or the
// programme wants. Nothing is sent inside a transaction: the clock takes what is due out
// of the outbox, with a lease, so that of two servers one sends it.
//
//	queued ──take──▶ sending ──send──▶ sent
//	                  │   ▲
//	                fail  take (later and later)
//	                  ▼   │
//	                 failed            after Tries attempts: given_up ──retry──▶ queued
//
// A message never goes to somebody who may not see the thing that it is about: that is
// asked when it is queued, and again when it is sent. A robot or a program is told
// that something happened and where, and nothing else.
package message
