package eval

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/local/embed"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// system answers a query with the names of documents and with passages, both
// best first.
type system struct {
	name string
	find func(ctx context.Context, text string) (results, error)
}

type results struct {
	items    []string
	passages []place
}

// place is where a passage lies: the parts of a document that it covers.
type place struct {
	document string
	parts    []string
}

// systems are those that are compared, over the same documents. The first of the
// baselines has no passages.
type systems struct {
	baselines, ours []system
	close           func()
}

func open(ctx context.Context, docs []document, model index.Vectorizer) (systems, error) {
	cutUp, err := load(ctx, docs, index.CutMessage, index.CutMeeting)
	if err != nil {
		return systems{}, err
	}
	plain, err := load(ctx, docs, index.CutMessage, plainly)
	if err != nil {
		return systems{}, errors.Join(err, cutUp.store.Close())
	}
	whole, err := load(ctx, docs, uncutMessage, uncutMeeting)
	if err != nil {
		return systems{}, errors.Join(err, cutUp.store.Close(), plain.store.Close())
	}
	out := systems{
		baselines: []system{{"BM25 whole", whole.bm25}, {"BM25 passages", plain.bm25}},
		ours:      []system{{"ours", cutUp.search(index.New(cutUp.store))}},
		close:     func() { _, _, _ = cutUp.store.Close(), plain.store.Close(), whole.store.Close() }, // they are in memory
	}
	if model != nil {
		if err := cutUp.embed(ctx, model); err != nil {
			out.close()
			return systems{}, err
		}
		hybrid := index.NewHybrid(cutUp.store, model)
		out.ours = append(out.ours, system{"hybrid", cutUp.search(hybrid)})
		closeStores := out.close
		out.close = func() { hybrid.Close(); closeStores() }
	}
	return out, nil
}

// embed has the model make vectors of all passages.
func (c *corpus) embed(ctx context.Context, model index.Vectorizer) error {
	for {
		texts, err := c.store.WithoutVector(ctx, model.Name(), 0, embed.MaxTexts)
		if err != nil || len(texts) == 0 {
			return err
		}
		vectors, err := index.Vectors(ctx, model, texts)
		if err != nil {
			return err
		}
		if err := c.store.Write(ctx, func(tx *store.Tx) error { return tx.AddVectors(model.Name(), vectors) }); err != nil {
			return err
		}
	}
}

// plainly cuts a meeting as it is usually done: into passages as long as ours that
// share a sentence or two.
func plainly(m store.Meeting) []store.Passage {
	const most, shared = 220, 30 // words
	one := index.CutMeeting(m)[0]
	var all []store.Passage
	for i, body := range index.Cut(m.Transcript, most, shared) {
		one.Seq, one.Body = i, body
		all = append(all, one)
	}
	return all
}

// uncutMessage makes one passage of all of a message.
func uncutMessage(m store.Message) []store.Passage {
	all := index.CutMessage(m)
	for _, p := range all[1:] {
		all[0].Body += "\n" + p.Body
	}
	return all[:1]
}

// uncutMeeting makes one passage of what was said in a meeting.
func uncutMeeting(m store.Meeting) []store.Passage {
	all := index.CutMeeting(m)
	all[0].Body = m.Transcript
	return all[:1]
}

// corpus is a set of documents in a store.
type corpus struct {
	store *store.Store
	user  store.User
	docs  map[string]document // by item id
	at    map[string]place    // by item id and sequence number
	now   time.Time
}

func load(ctx context.Context, docs []document, cutMessage func(store.Message) []store.Passage, cutMeeting func(store.Meeting) []store.Passage) (*corpus, error) {
	s, err := store.Open(ctx, "")
	if err != nil {
		return nil, err
	}
	c := &corpus{store: s, docs: map[string]document{}, at: map[string]place{}, now: time.Now()}
	if c.user, err = s.LocalUser(ctx, store.User{Email: "eval@localhost"}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	err = s.Write(ctx, func(tx *store.Tx) error {
		for _, d := range docs {
			if err := c.put(tx, d, cutMessage, cutMeeting); err != nil {
				return fmt.Errorf("load %s: %w", d.name, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return c, nil
}

func (c *corpus) put(tx *store.Tx, d document, cutMessage func(store.Message) []store.Passage, cutMeeting func(store.Meeting) []store.Passage) error {
	kind := store.KindMeeting
	if d.message != nil {
		kind = store.KindMessage
	}
	id, err := tx.Accept(store.Push{UserID: c.user.ID, Kind: kind, Provider: "eval", Payload: []byte("{}"), At: c.now, RunAt: c.now})
	if err != nil {
		return err
	}
	c.docs[id] = d
	var passages []store.Passage
	if d.message != nil {
		d.message.ID = id
		passages = cutMessage(*d.message)
	} else {
		d.meeting.ID = id
		passages = cutMeeting(*d.meeting)
		c.locate(id, d, passages)
	}
	return tx.SetPassages(c.user.ID, id, passages)
}

// locate finds which lines each passage covers: a passage is a part of the
// transcript, and begins after the passage before.
func (c *corpus) locate(id string, d document, passages []store.Passage) {
	from := 0
	for _, p := range passages {
		start := from + strings.Index(d.meeting.Transcript[from:], p.Body)
		if start < from {
			continue // all of it, for whole documents
		}
		from = start + 1
		where, at := place{document: d.name}, 0
		for _, l := range d.lines {
			if at < start+len(p.Body) && at+len(l.text) > start {
				where.parts = append(where.parts, l.parts...)
			}
			at += len(l.text) + 1
		}
		c.at[key(id, p.Seq)] = where
	}
}

func key(id string, seq int) string { return fmt.Sprint(id, " ", seq) }

// results reads hits, best first.
func (c *corpus) results(hits []store.Hit) results {
	var r results
	seen := map[string]bool{}
	for _, h := range hits {
		r.passages = append(r.passages, c.at[key(h.ItemID, h.Seq)])
		if !seen[h.ItemID] {
			seen[h.ItemID] = true
			r.items = append(r.items, c.docs[h.ItemID].name)
		}
	}
	return r
}

// bm25 is the baseline.
func (c *corpus) bm25(ctx context.Context, text string) (results, error) {
	var match []string
	for _, w := range prose.Words(text) {
		match = append(match, `"`+w+`"`)
	}
	hits, err := c.store.Passages(ctx, store.PassageQuery{
		UserID: c.user.ID, Match: strings.Join(match, " OR "), Weights: store.Weights{Title: 1, Body: 1, People: 1}, Limit: 150,
	})
	return c.results(hits), err
}

// search is what the index finds.
func (c *corpus) search(x *index.Index) func(ctx context.Context, text string) (results, error) {
	return func(ctx context.Context, text string) (results, error) {
		req := index.Request{Text: text, Limit: 25, Now: c.now}
		hits, err := x.Passages(ctx, c.user, req)
		if err != nil {
			return results{}, err
		}
		items, err := x.Find(ctx, c.user, req)
		if err != nil {
			return results{}, err
		}
		r := c.results(hits)
		r.items = r.items[:0]
		for _, item := range items {
			r.items = append(r.items, c.docs[item.ID].name)
		}
		return r, nil
	}
}
