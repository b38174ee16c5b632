package loadtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// messagesPath is where an upstream lists a user's messages, in the form of
// net/http's patterns.
const messagesPath = "/v1/users/{user_id}/messages"

// changePath is where an upstream is told that a goal of every user changed.
const changePath = "/change"

// Upstream is a stand-in for Attrove's API: each list of messages is the same
// 4 KB, after a delay.
func Upstream(delay time.Duration) (http.Handler, error) {
	answer, err := json.Marshal(page())
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+messagesPath, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(delay):
		case <-r.Context().Done():
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer) // whoever hung up does not need it
	})
	var changes atomic.Int64
	mux.HandleFunc("POST "+changePath, func(w http.ResponseWriter, _ *http.Request) {
		changes.Add(1)
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /v1/users/{user_id}/goal-events", func(w http.ResponseWriter, r *http.Request) {
		last, before := fmt.Sprintf("evt_%d", changes.Load()), r.FormValue("since_event_id")
		p := attrove.GoalEventsPage{Data: []attrove.GoalEvent{}, Watermark: &attrove.Watermark{OccurredAt: "2026-11-20T13:00:00Z", EventID: last}}
		if before != "" && before != last {
			p.Data = append(p.Data, attrove.GoalEvent{EventID: last, GoalID: "goal_1"})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(p) // whoever hung up does not need it
	})
	return mux, nil
}

// page is a list of messages as mail has them: 4,2xx bytes.
func page() attrove.Page[attrove.Message] {
	p := attrove.Page[attrove.Message]{Pagination: attrove.Pagination{Limit: 8, HasMore: true, NextCursor: "eyJhIjoiMjAyNi0xMS0yMFQxMzowMDowMFoifQ"}}
	for i := range 8 {
		p.Data = append(p.Data, attrove.Message{
			ID: fmt.Sprintf("msg_iv4m3ma4ax7yfukgnlj%d", i), ThreadID: "thr_b4m3ma4ax7yfukgnljaz",
			IntegrationID: "int_q2m3ma4ax7yfukgnljab", IntegrationType: "gmail", ConversationID: "cnv_m3ma4ax7yfukgnlja4d2",
			Subject: "Re: Offer for the second quarter", SenderName: "Tomas Brandl", SenderEmail: "tomas.brandl@example.com",
			RecipientNames: []attrove.ForeignText{"Ana Silva"}, ReceivedAt: attrove.DateTime(fmt.Sprintf("2026-11-%02dT13:00:00Z", 20-i)),
			BodyText: attrove.ForeignText("Hi Ana,\n\n" + strings.Repeat("can you confirm by Monday? ", 3) + "\n\nTomas"),
		})
	}
	return p
}
