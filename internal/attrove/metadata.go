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
	MetaOrigin       = "origin"       // the file that it was imported from, and the place in it
	MetaSenderID     = "sender_id"    // the writer's id where it was written, for writers without an address
	MetaCutBytes     = "cut_bytes"    // how much of the text was too long and left off
	MetaBot          = "bot"          // true: a program wrote it
	MetaEncrypted    = "encrypted"    // true: only a key could open it
	MetaEditedAt     = "edited_at"    // when it was last changed
	MetaMentions     = "mentions"     // of a chat message: list of {id, name, email} of whom it mentions
	MetaWrittenAt    = "written_at"   // of a note: when it was written, where that is not when it was pushed
	MetaTimeFrom     = "time_from"    // what a time was taken from, where that is not the thing itself
)

// Values of MetaTimeFrom.
const (
	TimeFromName = "name" // of the file
	TimeFromFile = "file" // when that was last changed: a guess
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
	Model   string           `json:"model,omitempty"` // the host whose model gets what goals and answers rest on, to phrase it
	Sources []SourceCoverage `json:"sources,omitempty"`

	Embeddings        string `json:"embeddings,omitempty"`         // the host whose model gets passages and queries, to tell what they are about
	EmbeddingsPending bool   `json:"embeddings_pending,omitempty"` // it has not come to all passages: the others are found by their words alone
}

// SourceCoverage is the period and size of one source.
type SourceCoverage struct {
	Source string   `json:"source"` // such as "email" or "meeting"
	First  DateTime `json:"first"`
	Last   DateTime `json:"last"`
	Count  int      `json:"count"`
}
