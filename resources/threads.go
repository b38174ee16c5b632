package resources

import (
	"context"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

const threadPath = "threads/{thread_id}"

// thread is a conversation by mail or chat.
func thread() *Resource {
	return &Resource{
		path: threadPath, title: "A thread", tool: "attrove_thread_messages",
		description: "One thread of mail or chat, message by message.",
		read:        readThread, find: findThreads,
	}
}

func readThread(ctx context.Context, r reading) (*page, []view.Notes, error) {
	all, err := show(ctx, r, attrove.ListThreadMessages, attrove.ThreadMessagesIn{ThreadID: r.id, Cut: attrove.Cut{Limit: attrove.MaxLimit},
		Include: []attrove.MessageInclude{"headers"}}, view.Full, map[string]string{"data[]": "attrove_get_message"}) // without HTML, which says the same
	switch {
	case err != nil:
		return nil, nil, err
	case len(all.Value.Data) == 0:
		return nil, nil, ErrNotFound
	}
	p := newPage(r, threadTitle(all.Value.Data))
	p.text("Thread %s.", code(r.id))
	for _, m := range all.Value.Data {
		p.section(p.moment(m.ReceivedAt) + ", " + person(m.SenderName, m.SenderEmail))
		p.item(code(m.ID), with("to", lines(m.RecipientNames)))
		p.blank()
		p.quote("", m.BodyText)
	}
	p.rest(all.Paging, r.resource.tool)
	return p, []view.Notes{all.Notes}, nil
}

// threadTitle is the first subject there is.
func threadTitle(messages []attrove.Message) attrove.ForeignText {
	for _, m := range messages {
		if m.Subject != "" {
			return m.Subject
		}
	}
	return "A thread"
}

// findThreads finds the latest threads, or those about what was typed.
func findThreads(ctx context.Context, r reading, typed string) ([]thing, bool, error) {
	var found []thing
	if typed == "" {
		all, err := show(ctx, r, attrove.ListMessages, attrove.MessagesIn{Cut: attrove.Cut{Limit: attrove.MaxLimit}}, view.Full, nil)
		if err != nil {
			return nil, false, err
		}
		known := map[string]bool{}
		for _, m := range all.Value.Data {
			if m.ThreadID != "" && !known[m.ThreadID] {
				known[m.ThreadID] = true
				found = append(found, thing{id: m.ThreadID, title: flat(m.Subject)})
			}
		}
		return found, all.Paging.HasMore, nil
	}
	all, err := show(ctx, r, attrove.DiscoverThreads, attrove.DiscoverThreadsIn{Query: typed, Limit: attrove.MaxLimit}, view.Full, nil)
	if err != nil {
		return nil, false, err
	}
	for _, t := range all.Value.Data {
		found = append(found, thing{id: t.ThreadID, title: flat(t.Title)})
	}
	return found, all.Paging.HasMore, nil
}
