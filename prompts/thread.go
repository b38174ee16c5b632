package prompts

import (
	"slices"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// maxRead is how many of a thread's messages are read, the latest ones.
const maxRead = 30

// catchUp is a thread that went on without the user.
func catchUp() *Prompt {
	return &Prompt{
		name: "catch_up", title: "Catch me up on a thread",
		description: "What a mail or chat thread is about, where it stands, what was decided, and what it wants from you.",
		tool:        "attrove_messages",
		arguments: []Argument{{Name: "thread", Title: "Thread", Required: true, suggest: threadNames,
			Description: "A thread's id, or words about it."}},
		write: writeCatchUp,
	}
}

func writeCatchUp(d *desk, a args) (*brief, error) {
	id, others, err := d.thread(a["thread"])
	if err != nil {
		return nil, err
	}
	read := ask(d, question{what: "the thread's messages", tool: "attrove_messages", budget: 14_000}, attrove.ListMessages, attrove.MessagesIn{ThreadID: id,
		Expand: []attrove.MessageExpand{"body_text"}, Cut: attrove.Cut{Limit: maxRead}})
	d.wait()
	know(d, read)
	if err := refused("thread", "there is no thread of this id", read.err); err != nil {
		return nil, err
	}
	messages := read.Value.Data
	if len(messages) == 0 {
		return nil, invalid("thread", "there is no thread of this id; take one from the completions")
	}
	conversation := id // which the engine takes, too; elsewhere a conversation is meant (P-44)
	if !d.env.Client.Ours() {
		conversation = messages[0].ConversationID
	}
	sum := ask(d, question{what: "what the thread comes to", tool: "attrove_analyze_thread", budget: view.Brief}, attrove.AnalyzeThread,
		attrove.AnalyzeThreadIn{ConversationID: conversation})
	d.wait()

	t := d.brief("Catch up on a thread")
	subject := slices.IndexFunc(messages, func(m attrove.Message) bool { return m.Subject != "" })
	name := attrove.ForeignText("")
	if subject >= 0 {
		name = messages[subject].Subject
	}
	t.add(section{title: "The thread", most: 600, rows: []string{row(title(bare(name)), id, words(messages[0].IntegrationType), plural(max(len(messages), sum.Value.MessageCount), "message"),
		"last "+d.moment(messages[0].ReceivedAt))}})
	t.add(section{title: "Decisions", rows: saidRows(sum.Value.Decisions), most: 1500, rest: "attrove_analyze_thread"})
	t.add(section{title: "Open questions", rows: saidRows(sum.Value.OpenQuestions), most: 1500, rest: "attrove_analyze_thread"})
	t.add(section{title: "To do", rows: d.todo(sum.Value.ActionItems), most: 1500, rest: "attrove_analyze_thread"})
	t.add(section{title: "The messages, oldest first", rows: d.messages(messages), most: 15_000})
	if read.Paging.HasMore {
		t.b.WriteString("- (earlier messages are left out" + d.by("attrove_thread_messages") + ")\n")
	}
	t.add(section{title: "Other threads that these words may mean", rows: others, most: 800, rest: "attrove_discover_threads"})
	t.job = `Catch me up on this thread.
One sentence on what it is about and where it stands. Then, as far as there is any: what was decided (and what it replaced), what is still open and for whom, what is asked of me and by when, what others promised. Then what changed since I last wrote in it, if I did.
Later messages count over earlier ones. Keep names and dates. At most twelve lines. If it asks something of me, end with two or three sentences that I could answer with, as a draft that I would send myself.`
	return t, nil
}

// thread is the id of the thread that a user means, and rows about others that
// the words may mean.
func (d *desk) thread(said string) (id string, others []string, err error) {
	if id, ok := idIn(said, "thr_"); ok {
		return id, nil, nil
	}
	found := ask(d, question{what: "threads about it", tool: "attrove_discover_threads"}, attrove.DiscoverThreads, attrove.DiscoverThreadsIn{Query: said, Limit: 4})
	d.wait()
	if found.err != nil {
		return "", nil, shown(found.err)
	}
	if len(found.Value.Data) == 0 {
		return "", nil, invalid("thread", "no thread is about these words; use others, or take one from the completions")
	}
	for _, one := range found.Value.Data[1:] {
		others = append(others, row(title(one.Title), one.ThreadID, with("last", d.moment(one.LastMessageAt))))
	}
	return found.Value.Data[0].ThreadID, others, nil
}

func saidRows(texts []attrove.ForeignText) []string {
	var rows []string
	for _, text := range texts {
		rows = append(rows, excerpt(text, 400))
	}
	return rows
}

func (d *desk) todo(items []attrove.ActionItem) []string {
	var rows []string
	for _, item := range items {
		rows = append(rows, row("By "+title(first(item.Assignee, "somebody")), "")+excerpt(item.Description, 300))
	}
	return rows
}

// messages are rows with what messages say, oldest first.
func (d *desk) messages(messages []attrove.Message) []string {
	var rows []string
	for _, m := range slices.Backward(messages) {
		rows = append(rows, d.message(m))
	}
	return rows
}

// message is a row with what a message says.
func (d *desk) message(m attrove.Message) string {
	from := who(m.SenderName, m.SenderEmail)
	if d.mine(m.SenderEmail) {
		from = "You"
	}
	return row(d.moment(m.ReceivedAt)+" "+from, m.ID, with("to", names(m.RecipientNames, 5))) + lines("  ", m.BodyText)
}

// names are the names of people, at most so many.
func names(people []attrove.ForeignText, most int) string {
	text := ""
	for i, name := range people {
		if i == most {
			return text + andMore(len(people)-most)
		}
		if i > 0 {
			text += ", "
		}
		text += title(name)
	}
	return text
}
