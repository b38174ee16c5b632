package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/index"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func listMessages(ctx context.Context, who Caller, in attrove.MessagesIn) (attrove.Page[attrove.Message], error) {
	from, to, err := who.period(in.StartDate, in.EndDate)
	if err != nil {
		return attrove.Page[attrove.Message]{}, err
	}
	filter := store.MessageFilter{IDs: in.IDs, From: from, To: to, IntegrationID: in.IntegrationID,
		ConversationID: in.ConversationID, ThreadID: in.ThreadID, SenderEmail: address(in.SenderEmail), SenderDomains: index.Domains(in.SenderDomains)}
	pages := pager[store.Message, attrove.Message]{list: attrove.ListMessages.Meta, position: placeOfMessage,
		show: func(m store.Message) attrove.Message { return showMessage(m, in.Expand) }}
	return pages.page(in.Cut, func(after *store.Position, limit int) ([]store.Message, error) {
		filter.After, filter.Limit = after, limit
		return who.core.store.Messages(ctx, who.User.ID, filter)
	})
}

// getMessage shows a message with its text, whatever the request expands:
// nobody fetches a message without it.
func getMessage(ctx context.Context, who Caller, in attrove.MessageIn) (attrove.Message, error) {
	m, err := who.core.store.Message(ctx, who.User.ID, in.ID)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Message{}, who.missing(ctx, "message", in.ID)
	}
	if err != nil {
		return attrove.Message{}, err
	}
	return showMessage(m, append(slices.Clone(in.Expand), "body_text")), nil
}

// listThreadMessages shows a thread in the order it was written, with its texts.
// The engine keeps neither HTML nor raw messages, so it has none to include.
func listThreadMessages(ctx context.Context, who Caller, in attrove.ThreadMessagesIn) (attrove.Page[attrove.Message], error) {
	known, err := who.core.store.ThreadExists(ctx, who.User.ID, in.ThreadID)
	if err != nil {
		return attrove.Page[attrove.Message]{}, err
	}
	if !known {
		return attrove.Page[attrove.Message]{}, notFound("thread")
	}
	expand := []attrove.MessageExpand{"body_text"}
	if in.Include == nil || slices.Contains(in.Include, "headers") {
		expand = append(expand, "headers")
	}
	pages := pager[store.Message, attrove.Message]{list: attrove.ListThreadMessages.Meta, position: placeOfMessage,
		show: func(m store.Message) attrove.Message { return showMessage(m, expand) }}
	return pages.page(in.Cut, func(after *store.Position, limit int) ([]store.Message, error) {
		return who.core.store.ThreadMessages(ctx, who.User.ID, in.ThreadID, after, limit)
	})
}

func placeOfMessage(m store.Message) store.Position { return store.Position{At: m.SentAt, ID: m.ID} }

func showMessage(m store.Message, expand []attrove.MessageExpand) attrove.Message {
	out := attrove.Message{
		ID: m.ID, IntegrationID: m.IntegrationID, IntegrationType: m.Source, ConversationID: m.ConversationID,
		ThreadID: m.ThreadID, Subject: attrove.ForeignText(m.Subject), SenderName: attrove.ForeignText(m.SenderName),
		SenderEmail: attrove.ForeignText(m.SenderEmail), RecipientNames: []attrove.ForeignText{},
		ReceivedAt: index.Time(m.SentAt),
	}
	if out.SenderName == "" {
		out.SenderName = out.SenderEmail
	}
	for _, r := range m.Recipients {
		name := r.Name
		if name == "" {
			name = r.Email
		}
		out.RecipientNames = append(out.RecipientNames, attrove.ForeignText(name))
		if r.Email != "" {
			out.RecipientEmails = append(out.RecipientEmails, attrove.ForeignText(r.Email))
		}
	}
	if slices.Contains(expand, "body_text") {
		out.BodyText, out.QuotedText = attrove.ForeignText(m.BodyText), attrove.ForeignText(m.QuotedText)
	}
	if slices.Contains(expand, "headers") {
		out.Headers = headersOf(m.Metadata)
	}
	return out
}

// headersOf shows what was pushed as metadata, which is all that the engine has
// of a message's headers.
func headersOf(metadata json.RawMessage) map[string]string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(metadata, &fields) != nil {
		return nil
	}
	headers := map[string]string{}
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		headers[name] = text
	}
	return headers
}

// pushSkipped is the state of an item whose conversation does not sync. It is
// none of those that a receipt documents.
const pushSkipped attrove.PushStatus = "skipped"

// missing is the error for an item that is not there: perhaps not yet, or not
// at all.
func (c Caller) missing(ctx context.Context, what, id string) error {
	item, err := c.core.store.Item(ctx, c.User.ID, id)
	failure := notFound(what)
	if err != nil {
		return failure
	}
	switch attrove.PushStatus(item.Status) {
	case attrove.PushQueued, attrove.PushProcessing:
		failure.Message = fmt.Sprintf("this %s was pushed and is not indexed yet; ask again in a moment", what)
	case attrove.PushFailed:
		failure.Message = fmt.Sprintf("this %s was pushed and could not be indexed: %s", what, item.Error)
	case attrove.PushIndexed:
		failure.Message = fmt.Sprintf("this %s was archived; push it again to bring it back", what)
		if item.Kind == store.KindEvent {
			failure.Message = "this event's calendar is not active; activate it to see its events"
		}
	case pushSkipped:
		failure.Message = fmt.Sprintf("this %s was pushed and not stored: %s; let it sync and push it again", what, item.Error)
	}
	return failure
}
