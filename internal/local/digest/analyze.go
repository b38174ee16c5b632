package digest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/prose"
	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// mostMessages is how many messages of a conversation are read, the newest. What
// a mailing list said before that, nobody asks for at once.
const mostMessages = 500

// Analyze answers attrove.AnalyzeThread. Beside a conversation's id it takes a
// thread's: a conversation may be a whole mailing list. Of an id that names
// neither it returns store.ErrNotFound.
func (t *Threads) Analyze(ctx context.Context, user store.User, in attrove.AnalyzeThreadIn, now time.Time) (attrove.ThreadAnalysis, error) {
	now = now.In(user.Location())
	filter := store.MessageFilter{ConversationID: in.ConversationID, Limit: mostMessages}
	total, err := t.store.ConversationMessages(ctx, user.ID, in.ConversationID)
	if err != nil {
		return attrove.ThreadAnalysis{}, err
	}
	if total == 0 {
		threads, err := t.store.Threads(ctx, user.ID, []string{in.ConversationID})
		if err != nil {
			return attrove.ThreadAnalysis{}, err
		}
		if len(threads) == 0 {
			return attrove.ThreadAnalysis{}, store.ErrNotFound
		}
		total = threads[0].Messages
		filter = store.MessageFilter{ThreadID: in.ConversationID, Limit: mostMessages}
	}
	messages, err := t.store.Messages(ctx, user.ID, filter)
	if err != nil {
		return attrove.ThreadAnalysis{}, err
	}
	if len(messages) == 0 { // moved meanwhile
		return attrove.ThreadAnalysis{}, store.ErrNotFound
	}
	slices.Reverse(messages)
	for i := range messages {
		messages[i].SentAt = messages[i].SentAt.In(now.Location()) // their days are the user's
	}
	d := t.reader.Messages(speech.NewSelf(user), messages, in.Instructions)
	if err := t.revise(ctx, user, d.Decisions, messages); err != nil {
		return attrove.ThreadAnalysis{}, err
	}
	out := (&analysis{now: now}).write(d)
	out.ConversationID, out.MessageCount = messages[0].ConversationID, total
	if total > len(messages) {
		out.Warnings = append(out.Warnings, fmt.Sprintf("This conversation has %d messages. Only the newest %d, since %s, were read.",
			total, len(messages), messages[0].SentAt.In(now.Location()).Format("2 January 2006")))
	}
	if in.Instructions != "" && d.Empty() {
		out.Warnings = append(out.Warnings, "Nothing in it has a word of the instructions. They name a topic by its words; without them everything is looked at.")
	}
	if text := foreign(messages); text != "" {
		out.Warnings = append(out.Warnings, text)
	}
	return out, nil
}

// foreign says how many messages the rules cannot read, if those are more than a
// few: that nothing was decided in them would be wrong.
func foreign(messages []store.Message) string {
	const worthSaying = 0.1 // share of the messages
	n := 0
	for _, m := range messages {
		if !prose.English(m.BodyText) {
			n++
		}
	}
	if float64(n) < worthSaying*float64(len(messages)) || n == 0 {
		return ""
	}
	return fmt.Sprintf("%s Of the messages that were read, %d of %d are in other languages.", mostlyEnglish, n, len(messages))
}

// revise finds out which decisions were taken back elsewhere: a correction often
// begins a thread of its own.
func (t *Threads) revise(ctx context.Context, user store.User, decisions []Decision, read []store.Message) error {
	const candidates, most = 5, 60 // beside the messages that were read, which match best
	known := map[string]bool{}
	for _, m := range read {
		known[m.ID] = true
	}
	for i, d := range decisions {
		items, err := t.index.Find(ctx, user, index.Request{Text: d.Text, Kinds: []store.Kind{store.KindMessage}, From: d.At,
			Limit: min(candidates+len(read), most), Now: d.At})
		if err != nil {
			return err
		}
		for _, item := range items {
			if known[item.ID] {
				continue
			}
			m, err := t.store.Message(ctx, user.ID, item.ID)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			for _, later := range talkOf(t.reader.message(speech.NewSelf(user), m)).decisions() {
				if undoes(later.Statement, d.Statement) && !later.At.Before(decisions[i].At) {
					decisions[i] = Decision{Statement: later.Statement, Instead: append(slices.Clone(d.Instead), d.Statement)}
				}
			}
		}
	}
	return nil
}

func talkOf(u utterance) talk { return talk{medium: mail, said: []utterance{u}} }

// analysis writes a digest as the contract has it, and notes what it cites.
type analysis struct {
	now   time.Time
	cited []attrove.EvidenceRef
	seen  map[string]bool
}

func (a *analysis) write(d Digest) attrove.ThreadAnalysis {
	out := attrove.ThreadAnalysis{Sentiment: string(d.Tone)}
	var gist []string
	for _, s := range d.Gist {
		gist = append(gist, a.quote(s))
	}
	out.Summary = attrove.ForeignText(strings.Join(gist, " "))
	for _, s := range d.Points {
		out.KeyPoints = append(out.KeyPoints, attrove.ForeignText(a.quote(s)))
	}
	for _, one := range d.Decisions {
		words := []string{a.quote(one.Statement)}
		for _, before := range one.Instead {
			words = append(words, "Before that: "+a.quote(before))
		}
		out.Decisions = append(out.Decisions, attrove.ForeignText(strings.Join(words, " ")))
	}
	for _, one := range d.Actions {
		out.ActionItems = append(out.ActionItems, attrove.ActionItem{
			Description: attrove.ForeignText(a.item(one)), Assignee: attrove.ForeignText(one.Owner),
		})
	}
	for _, s := range d.Questions {
		out.OpenQuestions = append(out.OpenQuestions, attrove.ForeignText(a.quote(s)))
	}
	for _, p := range d.People {
		out.Participants = append(out.Participants, attrove.ForeignText(speech.Call(p)))
	}
	out.CitedEvidenceRefs = a.cited
	return out
}

// quote is a statement with who made it, when, and its source.
func (a *analysis) quote(s speech.Statement) string {
	return fmt.Sprintf("%s, %s: %s", speech.Call(s.Author), speech.On(s.At, a.now), a.cite(s))
}

// item is an action's words with its day and its source.
func (a *analysis) item(one Action) string {
	a.note(one.Statement)
	return one.Words() + " [" + one.Source.ID + "]"
}

// cite is a statement's words with its source, as the answers of attrove.Query
// have it.
func (a *analysis) cite(s speech.Statement) string {
	a.note(s)
	return speech.Clip(s.Text) + " [" + s.Source.ID + "]"
}

// note puts a statement among what is cited, once.
func (a *analysis) note(s speech.Statement) {
	if a.seen == nil {
		a.seen = map[string]bool{}
	}
	words := speech.Clip(s.Text)
	if key := s.Source.ID + words; !a.seen[key] {
		a.seen[key] = true
		a.cited = append(a.cited, attrove.EvidenceRef{Type: string(s.Source.Kind), ID: s.Source.ID, Snippet: attrove.ForeignText(words), OccurredAt: index.Time(s.At)})
	}
}
