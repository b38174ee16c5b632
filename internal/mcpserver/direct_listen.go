package mcpserver

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/attrove/attrove-mcp/internal/rpc"
)

// Listening serves subscriptions/listen, and passes the rest on to next. Streams
// live long and there are many: a session of mcp-go's, with its goroutine and
// buffers, is half of what each of them takes. A stream ends with its request's
// context.
func (d *Direct) Listening(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := rpc.MessageFrom(r.Context())
		if m == nil || d.subscriptions.Library == nil || m.Method != string(mcp.MethodSubscriptionsListen) ||
			!mcp.IsModernProtocol(m.Version) || !usual(m, "notifications") {
			next.ServeHTTP(w, r)
			return
		}
		var params struct {
			Notifications mcp.SubscriptionFilter `json:"notifications"`
		}
		var id any
		if json.Unmarshal(m.Params, &params) != nil || json.Unmarshal(m.ID, &id) != nil {
			next.ServeHTTP(w, r)
			return
		}
		d.listen(w, r, id, params.Notifications.ResourceSubscriptions)
	})
}

// listen acknowledges a subscription and tells of changes until the request ends.
func (d *Direct) listen(w http.ResponseWriter, r *http.Request, id any, wanted []string) {
	changed := make(chan string, min(len(wanted), maxSubscriptions))
	uris := d.subscriptions.accept(r.Context(), wanted, func(uri string) (taken bool) {
		select {
		case changed <- uri:
			return true
		default:
			return false
		}
	})
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Connection", "keep-alive")
	w.Header().Set("Cache-Control", "no-cache")
	tag := map[string]any{mcp.MetaKeySubscriptionID: id}
	event := note(mcp.MethodNotificationSubscriptionsAcknowledged, tag, map[string]any{"notifications": mcp.SubscriptionFilter{ResourceSubscriptions: uris}})
	for writeEvent(w, event) == nil {
		select {
		case <-r.Context().Done():
			return
		case uri := <-changed:
			event = note(mcp.MethodNotificationResourceUpdated, tag, map[string]any{"uri": uri})
		}
	}
}

func writeEvent(w http.ResponseWriter, n mcp.JSONRPCNotification) error {
	data, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("encode notification: %w", err)
	}
	if _, err := fmt.Fprintf(w, "event: message\ndata: %s\n\n", data); err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	return http.NewResponseController(w).Flush()
}
