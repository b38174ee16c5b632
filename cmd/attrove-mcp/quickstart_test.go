package main

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// oneMail is what the user of the quickstart hands over.
const oneMail = `From ann@acme.example Tue Jun  9 10:00:00 2026
From: Ann Lee <ann@acme.example>
To: quick@start.example
Subject: Renewal
Date: Tue, 9 Jun 2026 10:00:00 +0000
Message-ID: <1@acme.example>

Could you send me the signed renewal by Friday?
`

// TestExampleQuickstart provisions a user, lets that person connect a source in a
// browser, and asks a question with the new key (contract section 11.5).
func TestExampleQuickstart(t *testing.T) {
	p := serveAPI(t, "--db", t.TempDir()+"/a.db", "--as-of", "2026-06-10T14:00:00Z", "--redirect-url", "https://partner.example/connected")
	partner := func(path string, body object) reply {
		answer, err := p.send(t.Context(), http.MethodPost, path, body, p.asPartner)
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, answer.status, "%s", answer.body)
		return answer
	}
	created := decode[struct {
		ID     string
		APIKey string `json:"api_key"`
	}](t, partner("/v1/users", object{"email": "quick@start.example"}))
	p.env["ATTROVE_USER_ID"], p.env["ATTROVE_SECRET_KEY"] = created.ID, created.APIKey
	assert.Regexp(t, `^sk_`, created.APIKey)

	session := decode[struct {
		SessionID     string    `json:"session_id"`
		ActivationURL string    `json:"activation_url"`
		ExpiresAt     time.Time `json:"expires_at"`
		CLI           *struct{ Command string }
	}](t, partner(p.path("/connect-sessions"), object{"provider": "gmail", "display": "popup", "include_install": true}))
	assert.Equal(t, 7*24*time.Hour, session.ExpiresAt.Sub(today(t, p)))
	assert.Contains(t, session.ActivationURL, "session="+session.SessionID)
	require.NotNil(t, session.CLI, "include_install asks for it")
	assert.NotEmpty(t, session.CLI.Command)

	type integration struct{ Provider string }
	require.Empty(t, user[listOf[integration]](t, p, http.StatusOK, http.MethodGet, "/integrations", nil).Data)
	outcome := handOver(t, session.ActivationURL, oneMail)
	assert.Equal(t, "https://partner.example/connected", outcome.Scheme+"://"+outcome.Host+outcome.Path)
	assert.Equal(t, "success", outcome.Query().Get("status"))
	assert.Equal(t, created.ID, outcome.Query().Get("user_id"))
	assert.Len(t, user[listOf[integration]](t, p, http.StatusOK, http.MethodGet, "/integrations", nil).Data, 1)

	got := user[answered](t, p, http.StatusOK, http.MethodPost, "/query", object{"include_sources": true,
		"query": "What needs my attention this week? Include the source messages or meetings you used."})
	assert.Contains(t, got.Answer, "signed renewal")
	assert.Len(t, got.UsedMessageIDs, 1)
}

var (
	hidden = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	action = regexp.MustCompile(`<form method="post" action="([^"]+)"`)
	back   = regexp.MustCompile(`id="back" href="([^"]+)"`)
)

// handOver does what a person does on the page, in a browser without scripts,
// and returns where the page leads back to.
func handOver(t *testing.T, address, file string) *url.URL {
	t.Helper()
	page := browse(t, http.MethodGet, address, "", nil)
	var form bytes.Buffer
	fields := multipart.NewWriter(&form)
	require.NoError(t, fields.WriteField("csrf", only(t, hidden, page)))
	part, err := fields.CreateFormFile("file", "mail.mbox")
	require.NoError(t, err)
	_, err = io.WriteString(part, file)
	require.NoError(t, err)
	require.NoError(t, fields.Close())
	at, err := url.Parse(address)
	require.NoError(t, err)
	target, err := at.Parse(strings.ReplaceAll(only(t, action, page), "&amp;", "&"))
	require.NoError(t, err)
	page = browse(t, http.MethodPost, target.String(), fields.FormDataContentType(), &form)
	require.Eventually(t, func() bool {
		if back.MatchString(page) {
			return true
		}
		page = browse(t, http.MethodGet, strings.Replace(address, "/connect?", "/connect/progress?", 1), "", nil)
		return false
	}, time.Minute, 20*time.Millisecond, "the import never ended: %s", page)
	to, err := url.Parse(strings.ReplaceAll(only(t, back, page), "&amp;", "&"))
	require.NoError(t, err)
	return to
}

func browse(t *testing.T, method, address, contentType string, body io.Reader) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode, "%s", page)
	return string(page)
}

func only(t *testing.T, pattern *regexp.Regexp, page string) string {
	t.Helper()
	found := pattern.FindStringSubmatch(page)
	require.NotNil(t, found, fmt.Sprint(pattern, " is not in ", page))
	return found[1]
}
