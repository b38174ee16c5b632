package attrove

import (
	"encoding/json"
	"time"
)

// Codes that this package itself gives; an upstream's own codes pass through.
const (
	CodeInvalidArgument = "INVALID_ARGUMENT" // refused before anything was sent
	CodeMissingKey      = "MISSING_KEY"      // no credentials for this kind of operation
	CodeNotImplemented  = "NOT_IMPLEMENTED"  // the embedded engine does not have it
	CodeInvalidRequest  = "INVALID_REQUEST"
	CodeAuthentication  = "AUTHENTICATION_ERROR"
	CodeForbidden       = "FORBIDDEN"
	CodeNotFound        = "NOT_FOUND"
	CodeConflict        = "CONFLICT"
	CodeGone            = "GONE"
	CodeTooLarge        = "PAYLOAD_TOO_LARGE"
	CodeValidation      = "VALIDATION_ERROR"
	CodeRateLimited     = "RATE_LIMITED"
	CodeInternal        = "INTERNAL_ERROR" // the one code string Attrove documents
	CodeUpstream        = "UPSTREAM_ERROR"
	CodeStorageFull     = "STORAGE_FULL"
	CodeStorage         = "STORAGE_ERROR" // the embedded engine cannot use its database
	CodeNetwork         = "NETWORK_ERROR"
	CodeTimeout         = "TIMEOUT"
	CodeCancelled       = "CANCELLED"
	CodeInvalidCursor   = "INVALID_CURSOR"
	CodeUserExists      = "USER_ALREADY_EXISTS"  // P-12
	CodeExcluded        = "EXCLUDED_BY_SETTINGS" // the organization keeps such things out (P-16)
)

// Codes that tell apart why a status came (P-04).
const (
	CodeGoalTerminal     = "GOAL_TERMINAL_STATE"
	CodeGoalConflict     = "GOAL_LIFECYCLE_CONFLICT"
	CodeGoalInvalidScope = "GOAL_INVALID_SCOPE"
	CodeKeyReused        = "IDEMPOTENCY_KEY_REUSED"
	CodeRotationOpen     = "ROTATION_IN_PROGRESS"
)

// ErrorBody is an error on the wire (P-04).
type ErrorBody struct {
	Error ErrorInfo `json:"error" evidence:"P-04" jsonschema_description:"What went wrong."`
}

// ErrorInfo says what went wrong. Details is an object, or a list of what is
// wrong with each field.
type ErrorInfo struct {
	Code      string          `json:"code" evidence:"P-04" jsonschema_description:"UPPER_SNAKE, such as NOT_FOUND."`
	Message   string          `json:"message" evidence:"P-04" jsonschema_description:"A sentence."`
	Details   json.RawMessage `json:"details,omitempty" evidence:"P-04" jsonschema_description:"An object, or a list of {path, message}."`
	RequestID string          `json:"request_id,omitempty" evidence:"P-04" jsonschema_description:"What to name when asking about it."`
}

// Error is why a call failed, in words that whoever called can act on.
type Error struct {
	Code       string          // UPPER_SNAKE (P-04)
	Message    string          // a sentence
	Status     int             // HTTP status; 0 when no answer came
	Field      string          // the argument at fault, if one is
	RetryAfter time.Duration   // how long to wait; 0 when unknown
	Operation  string          // Meta.Name
	Guess      string          // what about this call is our guess, if that may be why it failed
	RequestID  string          // the upstream's
	Details    json.RawMessage // the upstream's, as sent
	cause      error
}

// Error returns code and message, and the guess where it may explain the failure.
func (e *Error) Error() string {
	text := e.Code + ": " + e.Message
	if e.Guess != "" {
		text += " (" + e.Guess + ")"
	}
	return text
}

// Unwrap returns what lies behind, such as a network error.
func (e *Error) Unwrap() error { return e.cause }
