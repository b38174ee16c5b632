package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// maxSubscriptions is how many URIs one stream, or one session of the older
// protocol, may be subscribed to.
const maxSubscriptions = 100

// subscriptions has clients hear which resources change. mcp-go acknowledges what
// they ask for and delivers none of it.
type subscriptions struct {
	library

	mu     sync.Mutex
	legacy map[string]map[string]context.CancelFunc // by session and URI
}

// hook has a server ask for subscriptions.
func (s *subscriptions) hook(hooks *server.Hooks) {
	hooks.AddAfterInitialize(withoutStream)
	hooks.AddBeforeSubscriptionsListen(s.listen)
	hooks.AddAfterSubscriptionsListen(untilItEnds)
	hooks.AddOnRequestInitialization(s.refuse)
	hooks.AddAfterSubscribe(func(ctx context.Context, _ any, req *mcp.SubscribeRequest, _ *mcp.EmptyResult) {
		s.subscribe(ctx, req.Params.URI)
	})
	hooks.AddAfterUnsubscribe(func(ctx context.Context, _ any, req *mcp.UnsubscribeRequest, _ *mcp.EmptyResult) {
		s.unsubscribe(server.ClientSessionFromContext(ctx), req.Params.URI)
	})
	hooks.AddOnUnregisterSession(func(_ context.Context, session server.ClientSession) { s.unsubscribe(session, "") })
}

// streamless reports whether a client of the older protocol could not be notified:
// over HTTP it has no session here, and so no stream.
func streamless(ctx context.Context) bool {
	_, http := server.ClientSessionFromContext(ctx).(server.SessionWithStreamableHTTPConfig)
	return http
}

// withoutStream takes the offer of subscriptions back where there is no stream.
func withoutStream(ctx context.Context, _ any, _ *mcp.InitializeRequest, result *mcp.InitializeResult) {
	if streamless(ctx) && result.Capabilities.Resources != nil {
		result.Capabilities.Resources.Subscribe = false
	}
}

// untilItEnds keeps a stream open of which nothing will come. mcp-go would close it
// at once, which clients take for a failure, and over HTTP it may then lose the
// acknowledgement that has to come first.
func untilItEnds(ctx context.Context, _ any, _ *mcp.SubscriptionsListenRequest, _ *mcp.SubscriptionsListenResult) {
	<-ctx.Done()
}

// refuse refuses a resources/subscribe that mcp-go would acknowledge and nothing
// would come of.
func (s *subscriptions) refuse(ctx context.Context, _ any, message any) error {
	raw, ok := message.(json.RawMessage)
	if !ok || !bytes.Contains(raw, []byte(mcp.MethodResourcesSubscribe)) { // most are something else
		return nil
	}
	var req struct {
		Method mcp.MCPMethod `json:"method"`
		Params struct {
			mcp.SubscribeParams
			Meta *mcp.Meta `json:"_meta"`
		} `json:"params"`
	}
	_ = json.Unmarshal(raw, &req) // mcp-go says what is wrong with it
	switch {
	case req.Method != mcp.MethodResourcesSubscribe:
		return nil
	case mcp.IsModernProtocol(req.Params.Meta.ProtocolVersion()): // it has no such method
		return nil
	case streamless(ctx):
		return errors.New("resources/subscribe is not offered over HTTP: there is no session; subscriptions/listen (2026-07-28) works")
	case !s.within(ctx).Watchable(req.Params.URI):
		return errors.New("changes of this are not noticed: subscribe to attrove://goals or one of the goals")
	}
	return nil
}

// listen begins a stream of notifications, which ends with ctx. What cannot be
// watched is left out of what is acknowledged.
func (s *subscriptions) listen(ctx context.Context, id any, req *mcp.SubscriptionsListenRequest) {
	session, wanted := server.ClientSessionFromContext(ctx), req.Params.Notifications.ResourceSubscriptions
	req.Params.Notifications.ResourceSubscriptions = nil
	if session != nil {
		tag := map[string]any{mcp.MetaKeySubscriptionID: id}
		req.Params.Notifications.ResourceSubscriptions = s.accept(ctx, wanted, func(uri string) bool { return notify(session, uri, tag) })
	}
}

// accept has tell called when one of wanted changes, until ctx ends. It returns
// those of them that are watched.
func (s *subscriptions) accept(ctx context.Context, wanted []string, tell func(uri string) (taken bool)) []string {
	watchable := s.within(ctx).Watchable
	uris := slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(wanted))), func(uri string) bool { return !watchable(uri) })
	if len(uris) == 0 || len(uris) > maxSubscriptions {
		return nil
	}
	err := s.act(ctx, callTimeout, func(_ context.Context, who attrove.Caller) error {
		if !s.Watch(ctx, who, uris, tell) {
			return errTooMany
		}
		return nil
	})
	s.log.Info().Int("uris", len(uris)).Str("outcome", s.code(err)).Msg("listen")
	if err != nil {
		return nil
	}
	return uris
}

// errTooMany says that a caller cannot have another listener.
var errTooMany = errors.New("too many listeners, or no key")

// subscribe watches a resource for a session of the older protocol, until it
// unsubscribes or ends.
func (s *subscriptions) subscribe(ctx context.Context, uri string) {
	session := server.ClientSessionFromContext(ctx)
	if session == nil || streamless(ctx) || !s.within(ctx).Watchable(uri) {
		return
	}
	ctx, end := context.WithCancel(context.WithoutCancel(ctx)) // the request ends, the subscription stays
	if !s.keep(session, uri, end) {
		end()
		return
	}
	err := s.act(ctx, callTimeout, func(_ context.Context, who attrove.Caller) error {
		if !s.Watch(ctx, who, []string{uri}, func(uri string) bool { return notify(session, uri, nil) }) {
			return errTooMany
		}
		return nil
	})
	if err != nil {
		s.unsubscribe(session, uri)
	}
	s.log.Info().Str("outcome", s.code(err)).Msg("subscribe")
}

// keep notes how a subscription ends. It reports false when there is one already,
// or there are too many.
func (s *subscriptions) keep(session server.ClientSession, uri string, end context.CancelFunc) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	of := s.legacy[session.SessionID()]
	if of[uri] != nil || len(of) >= maxSubscriptions {
		return false
	}
	if of == nil {
		of = map[string]context.CancelFunc{}
		s.legacy[session.SessionID()] = of
	}
	of[uri] = end
	return true
}

// unsubscribe ends what a session is subscribed to: one URI, or for "" all.
func (s *subscriptions) unsubscribe(session server.ClientSession, uri string) {
	if session == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	of := s.legacy[session.SessionID()]
	for known, end := range of {
		if uri == "" || uri == known {
			end()
			delete(of, known)
		}
	}
	if len(of) == 0 {
		delete(s.legacy, session.SessionID())
	}
}

// notify says that a resource changed. It reports false when the client has not
// taken the notifications before.
func notify(session server.ClientSession, uri string, tag map[string]any) bool {
	select {
	case session.NotificationChannel() <- note(mcp.MethodNotificationResourceUpdated, tag, map[string]any{"uri": uri}):
		return true
	default:
		return false
	}
}

func note(method string, tag, params map[string]any) mcp.JSONRPCNotification {
	return mcp.JSONRPCNotification{JSONRPC: mcp.JSONRPC_VERSION,
		Notification: mcp.Notification{Method: method, Params: mcp.NotificationParams{Meta: tag, AdditionalFields: params}}}
}
