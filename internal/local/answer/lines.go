package answer

import (
	"context"
	"regexp"
)

// lines are those of an answer. What nothing was found for in the way that its
// intent is answered is looked up by its topic, where other words may say the same.
func (a *Answerer) lines(ctx context.Context, q question) ([]line, error) {
	lines, err := a.intended(ctx, q)
	if err != nil || len(lines) > 0 || len(q.topic) == 0 {
		return lines, err
	}
	switch {
	case q.intent == lastMeeting, q.intent == catchUp, q.intent == isBlockedOn, q.intent == isOverdue, q.intent == isEndangered:
		q.intent = lookUp
		return a.lookUp(ctx, q)
	case q.describes() && (q.intent == decisions || q.intent == tasks && asksWho.MatchString(q.text)):
		q.intent = lookUp
		lines, err := a.lookUp(ctx, q)
		for i := range lines {
			lines[i] = lines[i].led("Said of it: ")
		}
		return lines, err
	default:
		return nil, nil
	}
}

// describes reports whether a question has so many words that they do not name a
// subject, but tell the matter itself.
func (q question) describes() bool { return len(q.topic) >= 3 }

var asksWho = regexp.MustCompile(`(?i)^\s*who\b`)

func (a *Answerer) intended(ctx context.Context, q question) ([]line, error) {
	switch q.intent {
	case attention, isBlockedOn, isOverdue, isUnanswered, isEndangered:
		return a.attention(ctx, q)
	case questions:
		return a.openQuestions(ctx, q)
	case tasks:
		return a.openTasks(ctx, q)
	case promises:
		return a.promised(ctx, q)
	case calendar:
		return a.calendar(ctx, q)
	case prepare:
		return a.briefing(ctx, q)
	case lastMeeting:
		return a.recap(ctx, q)
	case said, whoSaid:
		return a.quotes(ctx, q)
	case contact:
		return a.contacts(ctx, q)
	case isDue:
		return a.dueThen(ctx, q)
	case whoIs:
		return a.whoIs(ctx, q)
	case listMail:
		return a.messagesFound(ctx, q)
	case decisions:
		return a.decided(ctx, q)
	case catchUp:
		return a.caughtUp(ctx, q)
	default:
		return a.lookUp(ctx, q)
	}
}
