package local

import (
	"time"

	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// arrivalPause is how long evaluations wait for more to arrive, unless somebody
// asks for their outcome: while much is pushed, one sees much.
const arrivalPause = 5 * time.Second

// arrival is an item as goals see it.
type arrival struct {
	kind   store.Kind
	at     time.Time
	people []store.Participant
	texts  []string
	goal   string // that it is about by reference; "" for none
}

// wakers find the goals that arriving items concern. They know the goals as they
// were when a batch of items began.
type wakers struct {
	byUser map[string]waker
	at     time.Time // by the engine's clock
	runAt  time.Time
}

// waker has the active goals of a user.
type waker struct {
	active map[string]bool // by id
	watch  goals.Watch
}

func newWakers(at time.Time) *wakers {
	return &wakers{byUser: map[string]waker{}, at: at, runAt: time.Now().Add(arrivalPause)}
}

// wake queues an evaluation of each active goal that an item concerns, in the
// transaction that stores the item: what is stored is evaluated, whatever happens.
func (w *wakers) wake(tx *store.Tx, userID string, a arrival) error {
	of, err := w.waker(tx, userID)
	if err != nil || len(of.active) == 0 {
		return err
	}
	concerned := of.watch.Goals(a.kind, a.at, a.people, a.texts...)
	if of.active[a.goal] {
		concerned = append(concerned, a.goal)
	}
	for _, id := range concerned {
		if _, err := tx.Evaluate(store.Evaluation{UserID: userID, GoalID: id, At: w.at, RunAt: w.runAt}); err != nil {
			return err
		}
	}
	return nil
}

// wakeCiting is wake for an item that is pushed anew: what it said before may be
// what a goal rests on.
func (w *wakers) wakeCiting(tx *store.Tx, item store.Item) error {
	if item.IndexedAt.IsZero() {
		return nil
	}
	return tx.EvaluateCiting(item.UserID, item.ID, w.at, w.runAt)
}

func (w *wakers) waker(tx *store.Tx, userID string) (waker, error) {
	if known, ok := w.byUser[userID]; ok {
		return known, nil
	}
	active, people, err := tx.Watched(userID)
	if err != nil {
		return waker{}, err
	}
	of := waker{active: map[string]bool{}, watch: goals.NewWatch(active, people)}
	for _, g := range active {
		of.active[g.ID] = true
	}
	w.byUser[userID] = of
	return of, nil
}

// forget has the goals read anew.
func (w *wakers) forget() { clear(w.byUser) }

func arrivedMessage(m store.Message) arrival {
	return arrival{kind: store.KindMessage, at: m.SentAt, people: m.Participants(), texts: []string{m.Subject, m.BodyText}}
}

func arrivedMeeting(m store.Meeting) arrival {
	texts := []string{m.Title, m.ShortSummary, m.Summary, m.Transcript}
	for _, item := range m.ActionItems {
		texts = append(texts, item.Description)
	}
	return arrival{kind: store.KindMeeting, at: m.StartAt, people: m.Participants(), texts: texts}
}

func arrivedEvent(e store.Event) arrival {
	return arrival{kind: store.KindEvent, at: e.StartAt, people: e.Participants(), texts: []string{e.Title, e.Location, e.Description}}
}

func arrivedNote(n store.Note) arrival {
	a := arrival{kind: store.KindNote, at: n.UpdatedAt, texts: []string{n.Title, n.Body}}
	if n.RefType == refGoal {
		a.goal = n.RefID
	}
	return a
}
