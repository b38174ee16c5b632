package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

const (
	conversationsNamed = 5 // of those that a question is about; the others are counted
	conversationPages  = 5 // of the user's that are read for their names
)

// theConversations names the first conversations of a list, and says what becomes
// of the others. What is not among those that were read for its name goes by its id.
func theConversations() find {
	return func(ctx context.Context, c *Call) (Thing, error) {
		var wanted []attrove.ConversationSync
		if err := json.Unmarshal(c.fields["conversations"], &wanted); err != nil {
			return Thing{}, invalid("conversations", "conversations must be a list of {id, sync_enabled}")
		}
		first := wanted[:min(len(wanted), conversationsNamed)]
		names, err := c.conversationNames(ctx, first)
		if err != nil {
			return Thing{}, err
		}
		var parts []string
		for _, one := range first {
			name, switched := names[one.ID], " off"
			if name == "" {
				name = "the one with the id " + quoted(one.ID, nameSize)
			}
			if one.SyncEnabled {
				switched = " on"
			}
			parts = append(parts, name+switched)
		}
		on, off := 0, 0
		for _, one := range wanted[len(first):] {
			if one.SyncEnabled {
				on++
			} else {
				off++
			}
		}
		if on+off > 0 {
			parts = append(parts, fmt.Sprintf("and %d more that are not named here, %d of them on and %d off", on+off, on, off))
		}
		return Thing{Name: strings.Join(parts, ", ")}, nil
	}
}

// conversationNames are the names of conversations, by id, as far as they are found.
func (c *Call) conversationNames(ctx context.Context, wanted []attrove.ConversationSync) (map[string]string, error) {
	names := map[string]string{}
	for _, one := range wanted {
		names[one.ID] = ""
	}
	in := attrove.ConversationsIn{Cut: attrove.Cut{Limit: attrove.MaxLimit}}
	for left, page := len(names), 0; left > 0 && page < conversationPages; page++ {
		reply, err := attrove.ListConversations.Call(ctx, c.env.Client, c.who, in)
		if err != nil {
			return nil, err
		}
		found, err := reply.Value()
		if err != nil {
			return names, nil //nolint:nilerr // the ids say enough
		}
		for _, one := range found.Data {
			if name, asked := names[one.ID]; asked && name == "" && one.Name != nil {
				names[one.ID] = title(*one.Name)
				left--
			}
		}
		if in.Cursor = found.Pagination.NextCursor; in.Cursor == "" {
			break
		}
	}
	return names, nil
}
