package sample

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// item is one thing to push.
type item struct {
	at   time.Time // when it was sent, ended, was written, or begins
	op   attrove.Any
	body json.RawMessage
}

// builder turns the data files into push bodies.
type builder struct {
	now    time.Time
	days   days
	people map[string]attrove.Address // by handle
	items  []item
}

// add encodes in as the body of op. What would arrive after now is left out;
// only events are known ahead of time.
func add[In, Out any](b *builder, at time.Time, op attrove.Operation[In, Out], in In) error {
	if at.After(b.now) && op.Name != attrove.PushEvent.Name {
		return nil
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode body of %s: %w", op.Name, err)
	}
	b.items = append(b.items, item{at: at, op: op, body: body})
	return nil
}

// file adds what one data file holds. The directory or name says of what kind.
func (b *builder) file(name string) error {
	text, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	id := strings.TrimSuffix(strings.TrimPrefix(name, "data/"), ".txt")
	sections, err := parseFile("sample/"+id, string(text))
	if err != nil {
		return err
	}
	kinds := map[string]func(section) error{
		"mail": b.mail, "chat": b.chat, "meetings": b.meeting, "calendar": b.event, "notes": b.note,
	}
	kind, _, _ := strings.Cut(id, "/")
	read, ok := kinds[kind]
	if !ok {
		return fmt.Errorf("%s: %q is no kind of data", name, kind)
	}
	for _, s := range sections {
		if err := read(s); err != nil {
			return fmt.Errorf("%s, %q: %w", name, s.title, err)
		}
	}
	return nil
}

// mail adds a thread. A sender may name the recipients; otherwise the message goes
// to everybody in the thread. It is a reply once somebody else has written.
func (b *builder) mail(s section) error {
	var people []string // handles of those in the thread, who began it first
	var last attrove.PushMessageIn
	replies := false
	for _, e := range s.entries {
		sender, named, _ := strings.Cut(e.rest, " -> ")
		recipients := handles(named)
		if named == "" {
			recipients = without(people, sender)
		}
		people = union(people, append([]string{sender}, recipients...))
		replies = replies || sender != people[0]
		in, err := b.message(e.stamp, sender, recipients)
		if err != nil {
			return err
		}
		in.Source, in.Subject, in.ExternalID, in.ExternalThreadID = "email", s.title, e.id, s.id
		var quoted string
		in.BodyText, quoted = splitQuote(b.days.expand(e.text, e.first), last.BodyText)
		if quoted != "" {
			in.Metadata[attrove.MetaQuotedText] = quoted
		}
		if replies {
			in.Subject = "Re: " + s.title
			in.Metadata[attrove.MetaInReplyTo] = last.ExternalID
		}
		if err := add(b, b.days.at(e.first, e.from), attrove.PushMessage, in); err != nil {
			return err
		}
		last = in
	}
	return nil
}

// message begins a message with who, to whom and when.
func (b *builder) message(when stamp, sender string, recipients []string) (attrove.PushMessageIn, error) {
	from, err := b.person(sender)
	if err != nil {
		return attrove.PushMessageIn{}, err
	}
	in := attrove.PushMessageIn{
		SenderName: from.Name, SenderEmail: from.Email,
		SentAt: wireTime(b.days.at(when.first, when.from)), Metadata: attrove.Object{},
	}
	for _, recipient := range recipients {
		who, err := b.person(recipient)
		if err != nil {
			return attrove.PushMessageIn{}, err
		}
		in.Recipients = append(in.Recipients, who)
	}
	return in, nil
}

// splitQuote takes the quoted lines out of a body. The line "> ..." quotes the
// whole message before it.
func splitQuote(text, previous string) (body, quoted string) {
	var own, theirs []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "> ...":
			for old := range strings.SplitSeq(previous, "\n") {
				theirs = append(theirs, strings.TrimSpace("> "+old))
			}
		case strings.HasPrefix(line, ">"):
			theirs = append(theirs, line)
		default:
			own = append(own, line)
		}
	}
	return strings.TrimSpace(strings.Join(own, "\n")), strings.Join(theirs, "\n")
}

var chatLine = regexp.MustCompile(`^(\d\d:\d\d) ([\w.]+): (.*)$`)

// chat adds a channel, or with the parameter "with" a direct conversation. Each
// entry is a day's exchange, "14:05 who: words" a line.
func (b *builder) chat(s section) error {
	members := handles(s.params["with"])
	for _, e := range s.entries {
		for n, line := range lines(e.text) {
			m := chatLine.FindStringSubmatch(line)
			if m == nil {
				return fmt.Errorf("%q is not HH:MM who: words", line)
			}
			when, sender := stamp{first: e.first, from: clock(m[1])}, m[2]
			in, err := b.message(when, sender, without(members, sender))
			if err != nil {
				return err
			}
			in.Source, in.BodyText = "chat", b.days.expand(m[3], e.first)
			in.ExternalID, in.ExternalThreadID = fmt.Sprintf("%s/%d", e.id, n+1), e.id
			in.Metadata[attrove.MetaConversation] = s.title
			if err := add(b, b.days.at(when.first, when.from), attrove.PushMessage, in); err != nil {
				return err
			}
		}
	}
	return nil
}

// meeting adds a meeting: first what came of it, then after a blank line the
// transcript, "who: words" a line.
func (b *builder) meeting(s section) error {
	for _, e := range s.entries {
		in := attrove.PushMeetingIn{
			Title: s.title, ExternalID: e.id,
			StartTime: wireTime(b.days.at(e.first, e.from)), EndTime: wireTime(b.days.at(e.first, e.to)),
		}
		var err error
		if in.Attendees, err = b.guests(e.rest); err != nil {
			return err
		}
		for i := range in.Attendees {
			in.Attendees[i].Status = "" // who sat there has no answer to an invitation
		}
		outcome, talk, _ := strings.Cut(b.days.expand(e.text, e.first), "\n\n")
		if err := b.outcome(&in, outcome); err != nil {
			return err
		}
		if in.Transcript, err = b.transcript(talk); err != nil {
			return err
		}
		if err := add(b, b.days.at(e.first, e.to), attrove.PushMeeting, in); err != nil {
			return err
		}
	}
	return nil
}

// outcome reads the lines short, summary and action.
func (b *builder) outcome(in *attrove.PushMeetingIn, text string) error {
	for _, line := range lines(text) {
		key, value, _ := strings.Cut(line, ": ")
		switch {
		case key == "short":
			in.ShortSummary = value
		case key == "summary":
			in.Summary = value
		case strings.HasPrefix(key, "action "):
			who, err := b.person(strings.TrimPrefix(key, "action "))
			if err != nil {
				return err
			}
			in.ActionItems = append(in.ActionItems, attrove.ActionItem{
				Description: attrove.ForeignText(value), Assignee: attrove.ForeignText(who.Name),
			})
		default:
			return fmt.Errorf("%q is neither short, summary nor action", line)
		}
	}
	return nil
}

// transcript puts names in the place of handles.
func (b *builder) transcript(text string) (string, error) {
	var out strings.Builder
	for _, line := range lines(text) {
		handle, words, _ := strings.Cut(line, ": ")
		who, err := b.person(handle)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "%s: %s\n", who.Name, words)
	}
	return strings.TrimSpace(out.String()), nil
}

// event adds an event, or each of its repeats.
func (b *builder) event(s section) error {
	for _, e := range s.entries {
		guests, err := b.guests(e.rest)
		if err != nil {
			return err
		}
		for n := e.first; n <= e.last; n += max(e.step, 1) {
			in := attrove.PushEventIn{
				Title: s.title, Description: strings.TrimSpace(b.days.expand(e.text, n)), Location: s.params["at"],
				AllDay: e.allDay, Attendees: guests, ExternalID: e.id,
			}
			start, end := b.days.at(n, e.from), b.days.at(n, e.to)
			if e.allDay {
				end = b.days.day(e.last).AddDate(0, 0, 1) // midnight after the last day
			}
			if e.step > 0 {
				in.ExternalID = fmt.Sprintf("%s/%d", e.id, n-e.first)
			}
			in.StartTime, in.EndTime = wireTime(start), wireTime(end)
			if err := add(b, start, attrove.PushEvent, in); err != nil {
				return err
			}
			if e.step == 0 {
				break
			}
		}
	}
	return nil
}

// note adds a note. P-45 gives a note no date, so its date only orders it.
func (b *builder) note(s section) error {
	for _, e := range s.entries {
		err := add(b, b.days.at(e.first, e.from), attrove.PushNote, attrove.PushNoteIn{
			Title: s.title, Body: strings.TrimSpace(b.days.expand(e.text, e.first)), ExternalID: e.id,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) person(handle string) (attrove.Address, error) {
	who, ok := b.people[handle]
	if !ok {
		return who, fmt.Errorf("nobody in people.txt is %q", handle)
	}
	return who, nil
}

// guests reads "tessa, ruben (tentative)".
func (b *builder) guests(list string) (attrove.Lenient[attrove.Attendee], error) {
	var out attrove.Lenient[attrove.Attendee]
	for _, guest := range handles(list) {
		handle, status, marked := strings.Cut(strings.TrimSuffix(guest, ")"), " (")
		if !marked {
			status = "accepted"
		}
		who, err := b.person(handle)
		if err != nil {
			return nil, err
		}
		out = append(out, attrove.Attendee{
			Name: attrove.ForeignText(who.Name), Email: attrove.ForeignText(who.Email), Status: status,
		})
	}
	return out, nil
}

// handles splits "tessa, ruben".
func handles(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ", ")
}

// without is the list but for one.
func without(list []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == one })
}

// union appends to a list what it does not hold yet.
func union(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func wireTime(t time.Time) attrove.DateTime {
	return attrove.DateTime(t.UTC().Format(time.RFC3339))
}
