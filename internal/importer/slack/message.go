package slack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Source is where the messages are from, as they say when they are pushed.
const Source = "slack"

// message is a message as an export has it.
type message struct {
	Type      string `json:"type"`
	Subtype   string `json:"subtype"`
	TS        string `json:"ts"`
	ThreadTS  string `json:"thread_ts"`
	User      string `json:"user"`
	Username  string `json:"username"`
	BotID     string `json:"bot_id"`
	Text      string `json:"text"`
	UserNamed struct {
		Real    string `json:"real_name"`
		Display string `json:"display_name"`
	} `json:"user_profile"`
	Bot struct {
		Name string `json:"name"`
	} `json:"bot_profile"`
	Edited struct {
		TS string `json:"ts"`
	} `json:"edited"`
	Files       []file          `json:"files"`
	Attachments []attachment    `json:"attachments"`
	Changed     json.RawMessage `json:"message"` // of an edit: the message as it is then
}

type file struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Type  string `json:"mimetype"`
	Size  int    `json:"size"`
	Link  string `json:"url_private"` // and not the permalink, which names who sent it: that may be somebody to be forgotten
	Mode  string `json:"mode"`
}

// attachment is a card below a message, such as the preview of a link.
type attachment struct {
	Fallback string `json:"fallback"`
	Pretext  string `json:"pretext"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	FromURL  string `json:"from_url"` // of a preview, which says nothing that the writer did
}

// Messages is what one day holds.
type Messages struct {
	All      []attrove.PushMessageIn
	Left     map[string]int // how many of what was left out, for people
	Problems []string       // what could not be read
}

// Read reads a day. Its error is that of reading the file.
func (e *Export) Read(d Day) (Messages, error) {
	raw, err := e.raw(d.Path())
	if err != nil {
		return Messages{}, err
	}
	out := Messages{Left: map[string]int{}}
	var all []json.RawMessage
	if err := json.Unmarshal(bytes.ToValidUTF8(raw, []byte("\uFFFD")), &all); err != nil {
		out.Problems = append(out.Problems, "it is no list of messages: "+err.Error())
		return out, nil //nolint:nilerr // it is among the problems
	}
	for i, one := range all {
		var m message
		if err := json.Unmarshal(one, &m); err != nil {
			out.Problems = append(out.Problems, fmt.Sprintf("message %d: %v", i+1, err))
			continue
		}
		e.add(&out, d, m, i)
	}
	return out, nil
}

// leftOut is why a message is none of what people said, or "".
func leftOut(m message) string {
	switch m.Subtype {
	case "channel_join", "channel_leave", "group_join", "group_leave", "bot_add", "bot_remove", "welcome_party", "channel_tab_added":
		return "notices of who joined and left"
	case "tombstone", "message_deleted":
		return "deleted messages"
	}
	if m.Type != "" && m.Type != "message" || m.Type == "" && m.TS == "" {
		return "canvases and other things that are no messages"
	}
	return ""
}

func (e *Export) add(out *Messages, d Day, m message, place int) {
	if m.Subtype == "message_changed" && len(m.Changed) > 0 {
		var changed message
		if json.Unmarshal(m.Changed, &changed) == nil && changed.TS != "" {
			m = changed
		}
	}
	if why := leftOut(m); why != "" {
		out.Left[why]++
		return
	}
	at, ok := timeOf(m.TS)
	if !ok {
		out.Problems = append(out.Problems, fmt.Sprintf("message %d: it has no time (ts %.40q)", place+1, m.TS))
		return
	}
	out.All = append(out.All, e.message(d, m, at))
}

// message is what is pushed of m.
func (e *Export) message(d Day, m message, at time.Time) attrove.PushMessageIn {
	channel := e.conversations[d.Dir] // zero if no list has it
	key := "slack:" + cmp.Or(channel.ID, d.Dir) + ":"
	sender := e.users[m.User]
	meta := attrove.Object{attrove.MetaConversation: e.title(d.Dir, channel), attrove.MetaOrigin: d.Path()}
	if id := cmp.Or(m.User, m.BotID); id != "" {
		meta[attrove.MetaSenderID] = idPrefix + id
	}
	if m.BotID != "" || m.Subtype == "bot_message" || sender.IsBot || m.User == "USLACKBOT" {
		meta[attrove.MetaBot] = true
	}
	if edited, ok := timeOf(m.Edited.TS); ok {
		meta[attrove.MetaEditedAt] = edited.Format(time.RFC3339)
	}
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		meta[attrove.MetaInReplyTo] = key + m.ThreadTS
	}
	if mentioned := e.mentioned(m.Text); len(mentioned) > 0 {
		meta[attrove.MetaMentions] = mentioned
	}
	if files := attached(m.Files); len(files) > 0 {
		meta[attrove.MetaAttachments] = files
	}
	in := attrove.PushMessageIn{
		Source: Source, BodyText: e.text(m), SenderEmail: strings.ToLower(sender.Profile.Email), SenderName: e.writer(m, sender),
		SentAt: attrove.DateTime(at.Format(time.RFC3339)), ExternalID: key + m.TS,
		ExternalThreadID: key + cmp.Or(m.ThreadTS, m.TS), Metadata: meta,
	}
	if channel.direct {
		for _, id := range channel.Members {
			if u, ok := e.users[id]; ok && id != m.User {
				in.Recipients = append(in.Recipients, attrove.Address{Email: strings.ToLower(u.Profile.Email), Name: u.called()})
			}
		}
	}
	return in
}

// title is a conversation's name: a channel's, or of whom it is between.
func (e *Export) title(dir string, c conversation) string {
	if !c.direct {
		return "#" + dir
	}
	var names []string
	for _, id := range c.Members {
		names = append(names, e.nameOf(id))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (e *Export) nameOf(id string) string {
	if u, ok := e.users[id]; ok {
		return u.called()
	}
	return id
}

func (e *Export) writer(m message, sender user) string {
	if sender.ID != "" && m.Username == "" {
		return sender.called()
	}
	return cmp.Or(m.Username, m.UserNamed.Real, m.UserNamed.Display, m.Bot.Name, m.User, m.BotID)
}

// timeOf reads a ts such as "1604573609.000300", in seconds since 1970.
func timeOf(ts string) (time.Time, bool) {
	text, _, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds <= 0 || seconds > 1<<35 {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}

// upload is what is known of a file; without the token that opens it.
type upload struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Bytes int    `json:"bytes"`
	URL   string `json:"url,omitempty"`
}

func attached(files []file) []upload {
	var all []upload
	for _, f := range files {
		if f.Mode != "tombstone" {
			link, _, _ := strings.Cut(f.Link, "?")
			all = append(all, upload{Name: cmp.Or(f.Name, f.Title, "a file"), Type: f.Type, Bytes: f.Size, URL: link})
		}
	}
	return all
}
