package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

func listConversations(ctx context.Context, who Caller, in attrove.ConversationsIn) (attrove.Page[attrove.Conversation], error) {
	pages := placePager[store.Conversation, attrove.Conversation, string]{
		list:  attrove.ListConversations.Meta,
		place: func(c store.Conversation) string { return c.ID },
		show:  showConversation,
	}
	return pages.page(in.Cut, func(after *string, limit int) ([]store.Conversation, error) {
		filter := store.ConversationFilter{IntegrationID: in.IntegrationID, Synced: in.SyncEnabled, Limit: limit}
		if after != nil {
			filter.After = *after
		}
		return who.core.store.Conversations(ctx, who.User.ID, filter)
	})
}

// updateConversations switches the sync of conversations, all or none. It holds
// for what is pushed afterwards, so what was pushed before is let in first.
func updateConversations(ctx context.Context, who Caller, in attrove.UpdateConversationsIn) (attrove.Page[attrove.Conversation], error) {
	who.settle(ctx)
	synced := make(map[string]bool, len(in.Conversations))
	var found problems
	ids := make([]string, len(in.Conversations))
	for i, c := range in.Conversations {
		if _, again := synced[c.ID]; again {
			found.add(fmt.Sprintf("conversations[%d].id", i), "is named twice")
		}
		synced[c.ID], ids[i] = c.SyncEnabled, c.ID
	}
	if err := found.err(http.StatusUnprocessableEntity); err != nil {
		return attrove.Page[attrove.Conversation]{}, err
	}
	err := who.core.store.SyncConversations(ctx, who.User.ID, synced)
	if errors.Is(err, store.ErrNotFound) {
		return attrove.Page[attrove.Conversation]{}, who.unknownConversation(ctx, ids)
	}
	if err != nil {
		return attrove.Page[attrove.Conversation]{}, err
	}
	return who.conversations(ctx, ids)
}

// conversations shows conversations in the order in which ids names them.
func (c Caller) conversations(ctx context.Context, ids []string) (attrove.Page[attrove.Conversation], error) {
	rows, err := c.core.store.Conversations(ctx, c.User.ID, store.ConversationFilter{IDs: ids, Limit: len(ids)})
	known := make(map[string]store.Conversation, len(rows))
	for _, row := range rows {
		known[row.ID] = row
	}
	out := attrove.Page[attrove.Conversation]{Data: []attrove.Conversation{}, Pagination: attrove.Pagination{Limit: len(ids)}}
	for _, id := range ids {
		if row, ok := known[id]; ok {
			out.Data = append(out.Data, showConversation(row))
		}
	}
	return out, err
}

// unknownConversation says which of ids are the user's no conversations.
func (c Caller) unknownConversation(ctx context.Context, ids []string) error {
	there, err := c.conversations(ctx, ids)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, row := range there.Data {
		known[row.ID] = true
	}
	failure := notFound("conversation")
	for i, id := range ids {
		if !known[id] {
			failure.Field = fmt.Sprintf("conversations[%d].id", i)
			failure.Message = fmt.Sprintf("there is no conversation %s, so none was changed", id)
			break
		}
	}
	return failure
}

func showConversation(c store.Conversation) attrove.Conversation {
	kind := "thread"
	if c.Named {
		kind = "channel"
	}
	out := attrove.Conversation{ID: c.ID, IntegrationID: c.IntegrationID, IntegrationType: c.Source, Kind: kind,
		MessageCount: c.Messages, LastMessageAt: wireTimePointer(c.LastAt), SyncEnabled: c.Synced}
	if c.Name != "" {
		name := attrove.ForeignText(c.Name)
		out.Name = &name
	}
	return out
}
