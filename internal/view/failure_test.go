package view_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

func TestFail(t *testing.T) {
	err := &attrove.Error{Code: attrove.CodeRateLimited, Message: "slow\u200b down", Status: 429, RetryAfter: 1500 * time.Millisecond}
	got := view.Fail(view.Explain(fmt.Errorf("call: %w", err)))
	assert.True(t, got.Failed())
	assert.JSONEq(t, `{"error":{"code":"RATE_LIMITED","message":"slow down","retry_after":2,
		"next":"Wait as long as retry_after says, then call again."}}`, string(got.Structured))
	assert.Equal(t, "Error RATE_LIMITED: slow down\nNext: Wait as long as retry_after says, then call again.", got.Text("nonce"))
	conforms(t, attrove.Search, got)
}

func TestEveryCodeSaysWhatToDo(t *testing.T) {
	for _, code := range []string{
		attrove.CodeInvalidArgument, attrove.CodeMissingKey, attrove.CodeNotImplemented, attrove.CodeInvalidRequest,
		attrove.CodeAuthentication, attrove.CodeForbidden, attrove.CodeNotFound, attrove.CodeConflict, attrove.CodeGone,
		attrove.CodeTooLarge, attrove.CodeValidation, attrove.CodeRateLimited, attrove.CodeInternal, attrove.CodeUpstream,
		attrove.CodeStorageFull, attrove.CodeNetwork, attrove.CodeTimeout, attrove.CodeCancelled, attrove.CodeInvalidCursor,
		"A_CODE_OF_TOMORROW",
	} {
		assert.NotEmpty(t, view.Explain(&attrove.Error{Code: code, Message: "m"}).Next, code)
	}
	for code, next := range map[string]string{attrove.CodeGoalInvalidScope: "call again", attrove.CodeGoalTerminal: "reopen it first"} {
		assert.Contains(t, view.Explain(&attrove.Error{Code: code, Message: "m"}).Next, next, "what a model can do about it")
	}
}

func TestGuessIsAdmitted(t *testing.T) {
	p := view.Explain(&attrove.Error{Code: attrove.CodeNotFound, Message: "no such path", Guess: "the path is our guess (P-36)"})
	assert.Equal(t, "no such path (the path is our guess (P-36))", p.Message)
}

func TestOtherErrorsAreNotShown(t *testing.T) {
	got := view.Fail(view.Explain(errors.New("dial tcp 10.1.2.3: sk_planted")))
	assert.Equal(t, attrove.CodeInternal, got.Code)
	assert.NotContains(t, string(got.Structured)+got.Text("n"), "sk_planted")
	require.True(t, json.Valid(got.Structured))
}
