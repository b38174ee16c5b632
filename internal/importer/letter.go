package importer

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/importer/calendar"
	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
)

// post is a message as it lies in a mailbox or folder.
type post struct {
	raw      []byte
	envelope time.Time // of a mailbox's separator line
	folder   string
	origin   string // the file, and the place in it
	role     role
	lost     int64 // how many bytes at its end are not in raw
}

const spam = "messages in spam or trash"

// letter reads a message and the invitations in it.
func (r *run) letter(src *source, p post) (haul, error) {
	var h haul
	if p.role == secondCopy {
		h.known++
		return h, nil
	}
	at := mail.Context{Envelope: p.envelope, Latest: r.opts.Now().Add(clockSkew)}
	header := mail.ReadHeader(p.raw)
	h.spam = header.Discarded() || src.found && mail.IsDiscardFolder(p.folder)
	if h.spam && !r.opts.IncludeSpam {
		h.leave(spam, 1)
		return h, nil
	}
	m := header.Read(p.raw, at)
	if p.role == namesake {
		m.ID = mail.ContentID(m.Header, p.raw)
	}
	if p.lost > 0 {
		h.remarks = append(h.remarks, fmt.Sprintf("kept without its last %s bytes: only the first %d MiB of a message are read", comma(int(p.lost)), mbox.MaxMessage>>20))
	}
	beyond := cut(&m.Body) + cut(&m.Quoted)
	if beyond > 0 {
		h.remarks = append(h.remarks, fmt.Sprintf("kept without the last %s bytes of its text, which is too long", comma(beyond)))
	}
	in := r.message(p, m)
	var err error
	if in.ExternalThreadID, err = r.survey.threads.of(messageKey(m.Header)); err != nil {
		return h, err
	}
	if lost := int(p.lost) + beyond; lost > 0 {
		in.Metadata[attrove.MetaCutBytes] = lost
	}
	one := messageItem(in)
	one.unreadable, one.encrypted = m.Unreadable, m.Encrypted
	h.items = append(h.items, one)
	if m.Unreadable != "" && !m.Encrypted {
		h.remarks = append(h.remarks, "kept, but marked as unreadable: "+m.Unreadable)
	}
	if m.Date.IsZero() {
		h.remarks = append(h.remarks, "kept without a date: it has none that could be read")
	}
	for _, raw := range m.Calendars {
		r.invitation(&h, raw)
	}
	return h, nil
}

// invitation adds the events that a message carries. What it says beside them,
// such as that somebody comes, is in the message.
func (r *run) invitation(h *haul, raw []byte) {
	c, err := calendar.Read(raw, r.calendars())
	if err != nil {
		h.remarks = append(h.remarks, "the invitation in it could not be read: "+err.Error())
		return
	}
	for _, e := range c.Events {
		h.items = append(h.items, datedItem(e))
	}
}

// maxBody is how long the text of a message may be. An API has limits of its own,
// and nobody reads so much.
const maxBody = 1 << 20

// cut cuts text that is too long, and returns how many bytes are lost.
func cut(text *string) int {
	whole := len(*text)
	if whole <= maxBody {
		return 0
	}
	end := maxBody
	for end > 0 && !utf8.RuneStart((*text)[end]) {
		end--
	}
	*text = (*text)[:end]
	return whole - end
}

// message is what is pushed of m.
func (r *run) message(p post, m mail.Message) attrove.PushMessageIn {
	meta := attrove.Object{attrove.MetaConversation: p.folder, attrove.MetaOrigin: p.origin}
	if list := m.Header.List(); list != "" {
		meta[attrove.MetaConversation] = list
	}
	if m.Quoted != "" {
		meta[attrove.MetaQuotedText] = m.Quoted
	}
	if id := m.Header.InReplyTo(); id != "" {
		meta[attrove.MetaInReplyTo] = id
	}
	if labels := m.Header.Labels(); len(labels) > 0 {
		meta[attrove.MetaLabels] = labels
	}
	if m.Unreadable != "" {
		meta[attrove.MetaUnreadable] = m.Unreadable
	}
	if m.Encrypted {
		meta[attrove.MetaEncrypted] = true
	}
	if m.Header.Automatic() {
		meta[attrove.MetaBot] = true
	}
	if len(m.Attachments) > 0 {
		meta[attrove.MetaAttachments] = m.Attachments
	}
	in := attrove.PushMessageIn{
		Source: sourceEmail, BodyText: m.Body, Subject: m.Subject, SenderEmail: m.From.Email, SenderName: m.From.Name,
		ExternalID: m.ID, Metadata: meta,
	}
	for _, to := range m.Recipients {
		in.Recipients = append(in.Recipients, attrove.Address{Email: to.Email, Name: to.Name})
	}
	if !m.Date.IsZero() {
		in.SentAt = attrove.DateTime(m.Date.Format(time.RFC3339))
	}
	return in
}
