package local

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
	"strconv"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/goals"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// outcome is what came of an evaluation.
type outcome struct {
	goal  store.Goal
	found goals.Finding
	words phrasing
	at    time.Time
	asked bool // by the user, who is told also that nothing changed
}

// conclude stores an outcome and tells what changed by it. A lifecycle never
// does: it is a human's to change (contract section 6.1).
func conclude(tx *store.Tx, o outcome) error {
	g := o.goal
	before, err := tx.GoalState(g)
	if err != nil {
		return err
	}
	next := snapshotOf(o)
	var events []store.GoalEvent
	tell := func(event string, data store.GoalEventData) {
		data.SnapshotID = next.ID
		events = append(events, store.GoalEvent{UserID: g.UserID, GoalID: g.ID, Type: event, At: o.at, Data: data})
	}
	if o.asked || before.Snapshot == nil || !bytes.Equal(before.Snapshot.Finding, next.Finding) {
		tell(store.EventEvaluated, store.GoalEventData{})
	}
	if change := takeHealth(&g, o.found); change != nil {
		tell(store.EventHealthChanged, store.GoalEventData{Health: change})
	}
	if kinds := newRisks(before.Snapshot, next.Body.RiskSignals); len(kinds) > 0 {
		tell(store.EventRiskDetected, store.GoalEventData{RiskKinds: kinds})
	}
	if cause := endOfSilence(g.Acknowledgment, o); cause != "" {
		g.Acknowledgment = nil
		tell(store.EventUnacknowledged, store.GoalEventData{Cause: cause})
	}
	g.NextMove, g.SnapshotID, g.LastEvaluatedAt, g.NextLookAt = next.Body.NextMove, next.ID, o.at, nextLook(o)
	if err := tx.AddSnapshot(next); err != nil {
		return err
	}
	if err := tx.SaveGoal(g); err != nil {
		return err
	}
	for _, e := range events {
		if err := tx.AddGoalEvent(e); err != nil {
			return err
		}
	}
	return nil
}

func snapshotOf(o outcome) store.Snapshot {
	g, f, move := o.goal, o.found, o.found.NextMove
	s := attrove.Snapshot{ID: store.NewID("snp"), GoalID: g.ID, Lifecycle: g.Lifecycle, Health: f.Health,
		Summary: attrove.ForeignText(cmp.Or(o.words.text, f.Summary)), PhrasedBy: o.words.by, CitedEvidenceRefs: append([]attrove.EvidenceRef{}, f.Cited...),
		RiskSignals: append([]attrove.RiskSignal{}, f.Risks...), NextActions: append([]attrove.NextAction{}, f.NextActions...),
		Confidence: strconv.AppendFloat(nil, f.Confidence, 'f', -1, 64), NextMove: &move, CreatedAt: index.Time(o.at)}
	if f.SuggestedLifecycle != "" {
		s.SuggestedLifecycle = &f.SuggestedLifecycle
	}
	return store.Snapshot{ID: s.ID, GoalID: g.ID, At: o.at, Finding: essence(f), Body: s}
}

// essence is a hash of what a finding comes to. How it is put is left out: that
// the silence has lasted a day longer is no news.
func essence(f goals.Finding) []byte {
	sum := sha256.New()
	for _, part := range []string{string(f.Health), string(f.SuggestedLifecycle), string(f.NextMove.Owner), string(f.NextMove.DueAt)} {
		sum.Write([]byte(part + "\n")) // never fails
	}
	for _, risk := range f.Risks {
		sum.Write([]byte("risk " + risk.Kind + "\n"))
	}
	for _, ref := range f.Cited {
		sum.Write([]byte("cites " + ref.Type + " " + ref.ID + "\n"))
	}
	return sum.Sum(nil)
}

// takeHealth gives g the health found, unless a human's word stands against it
// (see confirmGoalStatus).
func takeHealth(g *store.Goal, f goals.Finding) *store.Change {
	if o := g.Override; o != nil && f.Health == o.Found && !f.LastActivity.After(o.At) {
		return nil
	}
	g.Override = nil
	if g.Health == f.Health {
		return nil
	}
	change := &store.Change{From: string(g.Health), To: string(f.Health)}
	g.Health = f.Health
	return change
}

// newRisks are the kinds of risk that the snapshot before did not see.
func newRisks(before *store.Snapshot, risks []attrove.RiskSignal) []attrove.RiskKind {
	var kinds []attrove.RiskKind
	for _, risk := range risks {
		known := before != nil && slices.ContainsFunc(before.Body.RiskSignals, func(r attrove.RiskSignal) bool { return r.Kind == risk.Kind })
		if !known && !slices.Contains(kinds, risk.Kind) {
			kinds = append(kinds, risk.Kind)
		}
	}
	return kinds
}

// endOfSilence says what ended an acknowledged silence, or "": the horizon or
// real activity, whichever comes first (contract section 6.1).
func endOfSilence(a *store.Acknowledgment, o outcome) string {
	switch {
	case a == nil:
		return ""
	case o.found.LastActivity.After(a.At):
		return "activity"
	case !o.at.Before(a.Until):
		return "horizon"
	}
	return ""
}

// nextLook is when the outcome may change by itself, a day later at the latest.
func nextLook(o outcome) time.Time {
	latest := o.at.Add(maxLookAge)
	if next := o.found.NextLook; next.After(o.at) && next.Before(latest) {
		return next
	}
	return latest
}
