package digest

import "github.com/attrove/attrove-mcp/internal/local/speech"

// Tone is how a talk sounds.
type Tone string

// The tones.
const (
	Positive Tone = "positive"
	Negative Tone = "negative"
	Mixed    Tone = "mixed"
	Neutral  Tone = "neutral"
)

// tone counts the sentences that are glad and those that are not: trouble is
// bad news, too, without a word for it. Few of either is neutral.
func tone(talks []talk, about topic) Tone {
	glad, sorry, all := 0, 0, 0
	for _, t := range talks {
		for _, u := range t.said {
			for _, s := range u.said {
				if u.machine || !about.met(s) {
					continue
				}
				all++
				text := speech.Plain(s.Text)
				switch {
				case speech.HasAny(text, sorryWords) || s.Signal.Has(speech.Risk) || s.Signal.Has(speech.Overdue) || s.Signal.Has(speech.Blocked):
					sorry++
				case speech.HasAny(text, gladWords):
					glad++
				}
			}
		}
	}
	const telling = 0.06 // share of sentences from which a tone is one
	good, bad := float64(glad) >= telling*float64(all) && glad > 0, float64(sorry) >= telling*float64(all) && sorry > 0
	switch {
	case good && (!bad || glad > 2*sorry):
		return Positive
	case bad && (!good || sorry > 2*glad):
		return Negative
	case good && bad:
		return Mixed
	}
	return Neutral
}
