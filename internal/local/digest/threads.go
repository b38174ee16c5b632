package digest

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/when"
)

// Threads finds threads and digests conversations.
type Threads struct {
	store  *store.Store
	index  *index.Index
	reader Reader
}

// NewThreads returns what reads the threads in s, which x has indexed.
func NewThreads(s *store.Store, x *index.Index) *Threads {
	return &Threads{store: s, index: x, reader: NewReader()}
}

// A thread may have many messages that match, so more are looked for than
// threads are wanted.
const (
	messagesPerThread = 8
	fewestMessages    = 100
	mostFound         = 500
	openingMessages   = 4 // of a thread, in which it says what it is about

	// automatic is what a thread counts in which machines alone write: nobody who
	// names a customer means the invitations and receipts that name them, too.
	automatic = 0.75
)

// Discover answers attrove.DiscoverThreads: the threads whose messages match,
// best first.
func (t *Threads) Discover(ctx context.Context, user store.User, in attrove.DiscoverThreadsIn, now time.Time) (attrove.Page[attrove.ThreadSummary], error) {
	limit := cmp.Or(in.Limit, attrove.DefaultLimit)
	out := attrove.Page[attrove.ThreadSummary]{Data: []attrove.ThreadSummary{}, Pagination: attrove.Pagination{Limit: limit}}
	if index.Match(in.Query) == "" {
		return out, invalid("query", "must have a word to look for")
	}
	req := index.Request{Text: in.Query, Kinds: []store.Kind{store.KindMessage}, IntegrationIDs: in.IntegrationIDs,
		Limit: min(max(messagesPerThread*limit, fewestMessages), mostFound), Now: now}
	var err error
	req.From, req.To, err = when.ParseBounds(when.Bound{Name: "after_date", Value: string(in.AfterDate)},
		when.Bound{Name: "before_date", Value: string(in.BeforeDate)}, now.In(user.Location()))
	var wrong *when.BoundError
	if errors.As(err, &wrong) {
		return out, invalid(wrong.Name, wrong.Unwrap().Error())
	}
	found, err := t.find(ctx, user, req)
	if err != nil {
		return out, err
	}
	found = found[:min(2*limit, len(found))]
	known, err := t.known(ctx, user, found)
	if err != nil {
		return out, err
	}
	for i, f := range found {
		if !slices.ContainsFunc(known[f.id].Senders, human) {
			found[i].score *= automatic
		}
	}
	rank(found)
	for _, f := range found[:min(limit, len(found))] {
		thread, ok := known[f.id]
		if !ok { // its last message was moved since the search
			continue
		}
		row, err := t.row(ctx, user, thread)
		if err != nil {
			return out, err
		}
		row.Score = math.Round(100*f.score) / 100
		out.Data = append(out.Data, row)
	}
	return out, nil
}

func invalid(field, message string) error {
	return &attrove.Error{Status: http.StatusUnprocessableEntity, Code: attrove.CodeValidation, Field: field, Message: field + " " + message}
}

// found is a thread that was found, and how well it fits, from 0 to 1.
type found struct {
	id    string
	score float64
}

// find puts matching messages together into threads. A thread is as good as its
// best message beside the best of all, and as the share of the query's words,
// weighed by how rare they are, that its messages have between them.
func (t *Threads) find(ctx context.Context, user store.User, req index.Request) ([]found, error) {
	items, err := t.index.Find(ctx, user, req)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	rarity, total := map[string]float64{}, 0.0
	for _, word := range prose.Words(req.Text) {
		if prose.IsStopWord(word) {
			continue
		}
		if rarity[prose.Stem(word)], err = t.index.Rarity(ctx, word); err != nil {
			return nil, err
		}
	}
	for _, r := range rarity {
		total += r
	}
	var out []found
	at, words := map[string]int{}, []map[string]bool{}
	for _, item := range items {
		id := item.Passages[0].ThreadID
		i, ok := at[id]
		if !ok {
			i = len(out)
			at[id] = i
			out = append(out, found{id, item.Score / items[0].Score})
			words = append(words, map[string]bool{})
		}
		for _, p := range item.Passages {
			for stem := range prose.Stems(p.Title + " " + p.Body + " " + p.People) {
				words[i][stem] = true
			}
		}
	}
	for i := range out {
		covered := 0.0
		for stem, r := range rarity {
			if words[i][stem] {
				covered += r
			}
		}
		if total > 0 {
			out[i].score = (out[i].score + covered/total) / 2
		}
	}
	rank(out)
	return out, nil
}

// rank puts the best first.
func rank(all []found) {
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.score, a.score) })
}

func human(p store.Person) bool {
	return !speech.Machine(store.Message{SenderName: p.Name, SenderEmail: p.Email})
}

func (t *Threads) known(ctx context.Context, user store.User, all []found) (map[string]store.Thread, error) {
	var ids []string
	for _, f := range all {
		ids = append(ids, f.id)
	}
	threads, err := t.store.Threads(ctx, user.ID, ids)
	of := map[string]store.Thread{}
	for _, one := range threads {
		of[one.ID] = one
	}
	return of, err
}

// row tells of a thread what it is about, who writes in it and how long it is.
func (t *Threads) row(ctx context.Context, user store.User, thread store.Thread) (attrove.ThreadSummary, error) {
	row := attrove.ThreadSummary{ThreadID: thread.ID, ConversationID: thread.ConversationID, MessageCount: thread.Messages,
		LastMessageAt: index.Time(thread.LastAt)}
	for _, p := range thread.Senders {
		row.Participants = append(row.Participants, attrove.ForeignText(speech.Call(p)))
	}
	first, err := t.store.ThreadMessages(ctx, user.ID, thread.ID, nil, openingMessages)
	if err != nil || len(first) == 0 {
		return row, err
	}
	row.Title = attrove.ForeignText(cmp.Or(first[0].Subject, thread.Conversation))
	talks := t.reader.talks(speech.NewSelf(user), first)
	if s, ok := subject(talks[0], weigh(talks), nil); ok {
		row.Summary = attrove.ForeignText(speech.Clip(s.Text))
	}
	return row, nil
}
