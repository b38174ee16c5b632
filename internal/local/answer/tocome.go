package answer

import (
	"slices"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// pastLead leads to the last word on when something is, where that is over.
const pastLead = "No later date was found, this one is past: "

// toCome are the statements, best first, that answer when something will be: those that
// name a time which is over are dropped, unless they belong to the same thread as one
// that is to come, which may have moved it. Where all are over, past is the newest of
// those that fit about as well as the best.
func (q question) toCome(fits []scored) (ahead []scored, past *scored) {
	if q.asks != aTime || q.period.Phrase != "" || len(fits) == 0 || speech.HasAny(speech.Plain(q.text), "was|were|did|has|have|had") {
		return fits, nil
	}
	threads := map[string]bool{}
	for _, s := range fits {
		if !q.over(s) {
			threads[s.Thread] = true
		}
	}
	ahead = slices.DeleteFunc(slices.Clone(fits), func(s scored) bool { return q.over(s) && !threads[s.Thread] })
	if len(ahead) > 0 && ahead[0].score >= nearBest*fits[0].score {
		return ahead, nil
	}
	for i, s := range fits {
		if q.over(s) && s.words >= ofTopic && s.score >= nearBest*fits[0].score && (past == nil || s.At.After(past.At)) {
			past = &fits[i]
		}
	}
	if past == nil { // what is over may only be said on the way
		return fits, nil
	}
	return nil, past
}

// over reports whether what a statement says of a time is past: the day that it names,
// or that on which it names an hour.
func (q question) over(s scored) bool {
	if s.Source.Kind == store.KindEvent {
		return s.At.Before(q.now)
	}
	if s.Guessed {
		return false
	}
	if p, ok := s.Ahead(q.now.Location()); ok {
		return !p.To.IsZero() && p.To.Before(q.now)
	}
	return s.At.Add(day).Before(q.now) && namesTime(s.Statement)
}

// whenLines quote when something will be, the word that counts first.
func (q question) whenLines(fits []scored) []line {
	ahead, past := q.toCome(fits)
	if past != nil {
		return []line{q.quote(past.Statement).led(pastLead)}
	}
	return q.latestFirst(pick(ahead), ahead)
}
