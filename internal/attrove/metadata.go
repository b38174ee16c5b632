package attrove

// Keys in the metadata of pushed things that this project gives a meaning.
// They are our convention within the free-form metadata of P-45.
const (
	MetaQuotedText   = "quoted_text"  // the quoted part of a reply, kept apart from the new text
	MetaConversation = "conversation" // what groups threads: a channel, a list, a mailbox
	MetaInReplyTo    = "in_reply_to"  // external id of the message answered
	MetaLabels       = "labels"       // list of strings
	MetaUnreadable   = "unreadable"   // why the body could not be read
	MetaAttachments  = "attachments"  // list of {name, type, bytes}; what was attached is not kept
	MetaProvider     = "provider"     // of a meeting: where it was held, such as zoom
)

// CoverageHeader is the response header in which the embedded engine says what
// its answer can rest on: a JSON Coverage. It is no part of Attrove's contract.
const CoverageHeader = "Attrove-Coverage"

// ConnectHeader is the response header in which the embedded engine offers a user
// for whom it holds nothing a link to connect a source. It is no part of
// Attrove's contract.
const ConnectHeader = "Attrove-Connect"

// Coverage is what period the data behind an answer covers.
type Coverage struct {
	Backend string           `json:"backend"`         // "local" or "attrove"
	Model   string           `json:"model,omitempty"` // the host whose model gets what goals rest on, to phrase it
	Sources []SourceCoverage `json:"sources,omitempty"`
}

// SourceCoverage is the period and size of one source.
type SourceCoverage struct {
	Source string   `json:"source"` // such as "email" or "meeting"
	First  DateTime `json:"first"`
	Last   DateTime `json:"last"`
	Count  int      `json:"count"`
}
