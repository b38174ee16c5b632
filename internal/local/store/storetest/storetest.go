// Package storetest fills databases for benchmarks, faster than pushing could.
package storetest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/store"
)

const (
	inThread   = 5   // messages of a thread
	ofCustomer = 400 // messages of a customer
	years      = 3   // over which the messages spread
)

// Filled is a database of mail between one user and their customers, which is the
// same each time.
type Filled struct {
	Path string
	User store.User
	Now  time.Time // just after the newest message

	Customers []Customer
}

// Customer is one with whom the user exchanges about as many mails as with others.
type Customer struct {
	Name   string // a word that stands in its subjects
	Person store.Person
	Entity string // its id
}

// Fill makes a database of n messages in a directory that ends with the benchmark.
func Fill(tb testing.TB, n int) Filled {
	tb.Helper()
	f := Filled{Path: filepath.Join(tb.TempDir(), "attrove.db"), Now: time.Date(2026, time.November, 19, 12, 0, 0, 0, time.UTC)}
	s, err := store.Open(tb.Context(), f.Path)
	require.NoError(tb, err)
	f.User, err = s.LocalUser(tb.Context(), store.User{ID: "user", Email: "sam@acme.example", FirstName: "Sam", Addresses: []string{"sam@acme.example"}})
	require.NoError(tb, err)
	require.NoError(tb, s.Close())
	for i := range max(20, n/ofCustomer) {
		name := fmt.Sprintf("Globex%04d", i)
		f.Customers = append(f.Customers, Customer{
			Name: name, Entity: fmt.Sprintf("ent_%06d", i),
			Person: store.Person{Email: "dana@" + strings.ToLower(name) + ".example", Name: "Dana " + name},
		})
	}
	require.NoError(tb, f.fill(tb.Context(), n))
	return f
}

// fill writes all rows in one transaction. Nothing has to survive a crash here.
func (f Filled) fill(ctx context.Context, n int) error {
	db, err := sql.Open("sqlite", "file:"+f.Path+"?_pragma=synchronous(off)&_pragma=cache_size(-262144)&_pragma=foreign_keys(0)&_pragma=temp_store(memory)")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := f.rows(ctx, tx, n); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO passages_fts (passages_fts) VALUES ('rebuild')`); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return tx.Commit()
}

// inserts are the statements of a fill, prepared.
type inserts struct {
	conversation, thread, item, message, passage, participant *sql.Stmt
}

func (f Filled) rows(ctx context.Context, tx *sql.Tx, n int) error {
	at := f.Now.UnixMilli()
	first := f.Now.AddDate(-years, 0, 0)
	if _, err := tx.ExecContext(ctx, `INSERT INTO integrations (id, user_id, kind, provider, name, items, created_at) VALUES ('int_1', ?, 'message', 'email', 'Mail', ?, ?)`,
		f.User.ID, n, at); err != nil {
		return err
	}
	me := len(f.Customers) + 1
	for i, c := range append(f.Customers[:len(f.Customers):len(f.Customers)], Customer{Entity: "ent_me", Person: store.Person{Email: f.User.Email, Name: "Sam"}}) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO entities (seq, id, user_id, email, name, named_at, entity_type, last_seen_at) VALUES (?,?,?,?,?,?,'person',?)`,
			i+1, c.Entity, f.User.ID, c.Person.Email, c.Person.Name, at, at); err != nil {
			return err
		}
	}
	var in inserts
	for _, p := range []struct {
		to    **sql.Stmt
		query string
	}{
		{&in.conversation, `INSERT INTO conversations (id, user_id, integration_id, key) VALUES (?,?,'int_1',?)`},
		{&in.thread, `INSERT INTO threads (id, conversation_id, key) VALUES (?,?,?)`},
		{&in.item, `INSERT INTO items (id, user_id, integration_id, kind, status, pushed_at, indexed_at) VALUES (?,?,'int_1','message','indexed',?,?)`},
		{&in.message, `INSERT INTO messages (id, user_id, integration_id, conversation_id, thread_id, sent_at, sender_email, sender_domain, sender_name, subject,
			recipients, quoted_text, body_text) VALUES (?,?,'int_1',?,?,?,?,?,?,?,?,'',?)`},
		{&in.passage, `INSERT INTO passages (user_id, kind, item_id, seq, at, domain, source, integration_id, conversation_id, thread_id, title, people, body)
			VALUES (?,'message',?,0,?,?,'email','int_1',?,?,?,?,?)`},
		{&in.participant, `INSERT INTO participants (entity, kind, at, item_id, role, party) VALUES (?,'message',?,?,?,2)`},
	} {
		stmt, err := tx.PrepareContext(ctx, p.query)
		if err != nil {
			return err
		}
		defer func() { _ = stmt.Close() }()
		*p.to = stmt
	}
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same each time is what is wanted
	span := f.Now.Sub(first)
	for i := range n {
		sent := first.Add(time.Duration(float64(span) * float64(i) / float64(n)))
		if err := f.row(ctx, in, rng, i, me, sent); err != nil {
			return err
		}
	}
	return nil
}

// row writes one message. As many threads are under way at once as there are
// customers, and the sides take turns.
func (f Filled) row(ctx context.Context, in inserts, rng *rand.Rand, i, me int, sent time.Time) error {
	customer := i % len(f.Customers)
	c := f.Customers[customer]
	turn := i / len(f.Customers)
	key := fmt.Sprintf("%d-%d", customer, turn/inThread)
	id, thread, conversation := fmt.Sprintf("msg_%08d", i), "thr_"+key, "cnv_"+key
	subject := c.Name + " " + words(rng, 3)
	from, to := c.Person, store.Person{Email: f.User.Email, Name: "Sam"}
	roles := [2]store.Role{store.RoleSender, store.RoleRecipient}
	if turn%2 == 1 {
		from, to = to, from
		roles[0], roles[1] = roles[1], roles[0]
	}
	recipients, err := json.Marshal([]store.Person{to})
	if err != nil {
		return err
	}
	text, at := body(rng), sent.UnixMilli()
	people := strings.Join([]string{from.Name, from.Email, to.Name, to.Email}, " ")
	if turn%inThread == 0 {
		if _, err := in.conversation.ExecContext(ctx, conversation, f.User.ID, "thread:"+key); err != nil {
			return err
		}
		if _, err := in.thread.ExecContext(ctx, thread, conversation, key); err != nil {
			return err
		}
	}
	if _, err := in.item.ExecContext(ctx, id, f.User.ID, at, at); err != nil {
		return err
	}
	if _, err := in.message.ExecContext(ctx, id, f.User.ID, conversation, thread, at, from.Email, store.Domain(from.Email), from.Name, subject, string(recipients), text); err != nil {
		return err
	}
	if _, err := in.passage.ExecContext(ctx, f.User.ID, id, at, store.Domain(from.Email), conversation, thread, subject, people, text); err != nil {
		return err
	}
	if _, err := in.participant.ExecContext(ctx, customer+1, at, id, roles[0]); err != nil {
		return err
	}
	_, err = in.participant.ExecContext(ctx, me, at, id, roles[1])
	return err
}

// words are so many of a vocabulary in which some are much more common than others.
func words(rng *rand.Rand, n int) string {
	const vocabulary = 20_000
	out := make([]string, n)
	for i := range out {
		x := rng.Float64()
		out[i] = fmt.Sprintf("w%d", int(x*x*x*x*vocabulary))
	}
	return strings.Join(out, " ")
}

// body is a mail of forty words, with a sentence that does something in each
// second, and the word "renewal" in each tenth.
func body(rng *rand.Rand) string {
	said := []string{
		"Can you confirm the number of seats by Friday?", "I'll send you the plan tomorrow.", "Here is the form, attached.", "The contract is extended until 20 December.",
		"We are still waiting for your answer.", "We decided to go with the larger plan.", "We have received it with thanks.", "We are blocked by our legal team.",
	}
	text := "The " + words(rng, 20) + ". It is about the " + words(rng, 15) + ".\n"
	if rng.IntN(2) == 0 {
		text += said[rng.IntN(len(said))] + "\n"
	}
	if rng.IntN(10) == 0 {
		text += "It is about the renewal.\n"
	}
	return text
}
