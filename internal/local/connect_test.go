package local_test

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/local/webhooks"
)

func TestConnectSessionsAndTokens(t *testing.T) {
	o := options()
	o.RedirectURL = "https://app.example.com/done?x=1"
	s := serveSite(t, o)
	session := call(t, s.fixture, attrove.CreateConnectSession, attrove.ConnectSessionIn{UserID: s.me.UserID, Provider: "gmail", Display: "popup"})
	assert.Equal(t, attrove.ConnectSession{SessionID: session.SessionID, ExpiresAt: "2026-11-10T09:30:00Z",
		ActivationURL: s.origin + "/integrations/connect?session=" + session.SessionID}, session)
	assert.Len(t, session.SessionID, 36)

	with := call(t, s.fixture, attrove.CreateConnectSession, attrove.ConnectSessionIn{UserID: s.me.UserID, IncludeInstall: true})
	require.NotNil(t, with.CLI)
	assert.Contains(t, with.CLI.Command, "ATTROVE_BASE_URL="+s.origin)
	assert.Contains(t, with.Install["claude_code"], "ATTROVE_USER_ID="+s.me.UserID)

	token := call(t, s.fixture, attrove.CreateConnectToken, attrove.ConnectTokenIn{UserID: s.me.UserID})
	assert.True(t, strings.HasPrefix(token.Token, "pit_"))
	assert.EqualValues(t, "2026-11-03T09:40:00Z", token.ExpiresAt)
	assert.Equal(t, 200, s.get(t, token.ConnectURL).status)

	user := `{"user_id":"` + s.me.UserID + `",`
	for _, tc := range []struct {
		op         attrove.Any
		args, says string
		status     int
	}{
		{attrove.CreateConnectSession, `{"user_id":"nobody"}`, "user", 404},
		{attrove.CreateConnectSession, user + `"provider":"myspace"}`, "one of gmail, outlook, slack, google_calendar, outlook_calendar, zoom, email", 422},
		{attrove.CreateConnectSession, user + `"provider":"google_meet"}`, "takes files", 422},
		{attrove.CreateConnectSession, user + `"display":"hologram"}`, "popup or redirect", 422},
		{attrove.CreateConnectToken, `{"user_id":"nobody"}`, "user", 404},
		{attrove.CreateConnectToken, user + `"redirect_url":"http://example.com/"}`, "https", 422},
		{attrove.CreateConnectToken, user + `"redirect_url":"javascript:alert(1)"}`, "URL", 422},
		{attrove.CreateConnectToken, user + `"redirect_url":"https://a:b@example.com/"}`, "credentials", 422},
		{attrove.CreateConnectToken, user + `"redirect_url":"//example.com"}`, "https", 422},
	} {
		failure := refused(t, s.fixture, tc.op, tc.args)
		assert.Equal(t, tc.status, failure.Status, tc.args)
		assert.Contains(t, failure.Message, tc.says, tc.args)
	}

	without := start(t, options())
	for _, op := range []attrove.Any{attrove.CreateConnectSession, attrove.CreateConnectToken} {
		failure := refused(t, without, op, `{"user_id":"`+without.me.UserID+`"}`)
		assert.Equal(t, 409, failure.Status)
		assert.Contains(t, failure.Message, "attrove-mcp api")
	}
}

func TestPageTakesMailboxes(t *testing.T) {
	for name, content := range map[string]string{
		"Inbox.mbox":         mbox(0, 7),
		"takeout.zip":        zipped(t, "Takeout/Mail/Inbox.mbox", mbox(0, 7)),
		`C:\fake\..\Inbox`:   mbox(0, 7),
		"../../up.mbox":      mbox(0, 7),
		"naïve ☃ name.mbox ": mbox(0, 7),
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Path = filepath.Join(t.TempDir(), "a.db")
			o.RedirectURL = "https://app.example.com/done?x=1"
			s := serveSite(t, o)
			link := s.session(t)
			done := s.finish(t, s.send(t, s.form(t, link, name, content)))
			assert.Equal(t, 200, done.status)
			assert.Contains(t, done.body, "7 messages")
			assert.Contains(t, done.body, "<dd>2 November 2026<")
			back := `href="https://app.example.com/done?provider=email&status=success&user_id=` + s.me.UserID + `&x=1"`
			assert.Contains(t, done.body, back)

			found := call(t, s.fixture, attrove.Search, attrove.SearchIn{Query: "turbine"})
			assert.NotEmpty(t, found.KeyMessages)
			connected := call(t, s.fixture, attrove.ListIntegrations, attrove.None{}).Data
			require.Len(t, connected, 1)
			assert.Equal(t, "email", connected[0].Provider)
			noUploads(t, o.Path)

			used := s.get(t, link)
			assert.Equal(t, http.StatusGone, used.status)
			assert.Contains(t, html.UnescapeString(used.body), "error=session_used")
			assert.Equal(t, http.StatusGone, s.send(t, s.formWith(t, link, "x", "b.mbox", mbox(0, 1))).status)
		})
	}
}

func TestConnectingIsTold(t *testing.T) {
	o := options()
	o.WebhookTargets = webhooks.Any
	told := make(chan string, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		told <- string(body)
	}))
	t.Cleanup(receiver.Close)
	s := serveSite(t, o)
	call(t, s.fixture, attrove.CreateWebhook, attrove.CreateWebhookIn{URL: receiver.URL, Events: []string{"integrations.connected"}})
	s.finish(t, s.send(t, s.form(t, s.session(t), "a.mbox", mbox(0, 1))))
	var event struct {
		Type string
		Data map[string]string
	}
	select {
	case body := <-told:
		require.NoError(t, json.Unmarshal([]byte(body), &event))
	case <-time.After(time.Minute):
		t.Fatal("nothing was told")
	}
	id := call(t, s.fixture, attrove.ListIntegrations, attrove.None{}).Data[0].ID
	assert.Equal(t, "integrations.connected", event.Type)
	assert.Equal(t, map[string]string{"integration_id": id, "provider": "email", "user_id": s.me.UserID}, event.Data)
}

func TestPageRefuses(t *testing.T) {
	o := options()
	var log strings.Builder
	o.Path = filepath.Join(t.TempDir(), "a.db")
	o.MaxUpload = 1 << 20
	s := serveSite(t, o, &log)
	link := s.session(t)
	key := link[strings.LastIndex(link, "=")+1:]
	good := func() *http.Request { return s.form(t, link, "a.mbox", mbox(0, 2)) }
	with := func(name, value string) *http.Request {
		req := good()
		req.Header.Set(name, value)
		return req
	}
	large := strings.Repeat(mbox(0, 1), 6000)
	endless, elsewhere := s.form(t, link, "a.mbox", large), good()
	endless.ContentLength = -1
	elsewhere.Host = "evil.example"
	for name, c := range map[string]struct {
		request *http.Request
		status  int
		says    string
	}{
		"no token":      {s.formWith(t, link, "", "a.mbox", mbox(0, 2)), 403, "out of date"},
		"other token":   {s.formWith(t, link, strings.Repeat("0", 64), "a", "b"), 403, "out of date"},
		"other site":    {with("Sec-Fetch-Site", "cross-site"), 403, "Another site"},
		"sibling site":  {with("Sec-Fetch-Site", "same-site"), 403, "Another site"},
		"other origin":  {with("Origin", "https://evil.example"), 403, "Another site"},
		"no file":       {s.form(t, link, "", ""), 422, "Choose a file"},
		"no form":       {with("Content-Type", "application/json"), 400, "incomplete"},
		"wrong link":    {s.formWith(t, link+"0", "", "a", "b"), 404, "leads nowhere"},
		"no link":       {s.formWith(t, s.origin+"/integrations/connect", "", "a", "b"), 404, "leads nowhere"},
		"other user":    {s.formWith(t, link+"&user_id=x", "", "a", "b"), 404, "leads nowhere"},
		"too large":     {s.form(t, link, "a.mbox", large), 413, "larger than the 1.0 MiB"},
		"of no length":  {endless, 413, "larger than"},
		"of other name": {elsewhere, 403, "not served under that name"},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.send(t, c.request)
			assert.Equal(t, c.status, got.status)
			assert.Contains(t, got.body, c.says)
			assert.Contains(t, got.header.Get("Content-Security-Policy"), "default-src 'none'")
			noUploads(t, o.Path)
		})
	}
	page := s.get(t, link)
	assert.Equal(t, 200, page.status, "none of it used the link")
	assert.NotRegexp(t, `<style|style=|<script>| on[a-z]+=`, page.body, "nothing inline, which the policy would not run")
	for name, value := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff"} {
		assert.Equal(t, value, page.header.Get(name), name)
	}
	for _, asset := range []string{"style.css", "page.js", "icon.svg"} {
		assert.Equal(t, 200, s.get(t, s.origin+"/integrations/connect/assets/"+asset).status, asset)
	}
	assert.Equal(t, 404, s.get(t, s.origin+"/integrations/connect/assets/page.html").status)
	assert.NotContains(t, log.String(), key)
}

func TestLinksExpire(t *testing.T) {
	clock := now
	o := options()
	o.Now = func() time.Time { return clock }
	o.RedirectURL = "https://app.example.com/"
	s := serveSite(t, o)
	session := s.session(t)
	token := call(t, s.fixture, attrove.CreateConnectToken, attrove.ConnectTokenIn{UserID: s.me.UserID, RedirectURL: "http://127.0.0.1:1/back"}).ConnectURL
	req := s.form(t, token, "a.mbox", mbox(0, 1))
	clock = now.Add(10*time.Minute - time.Second)
	assert.Equal(t, 200, s.get(t, token).status)
	clock = now.Add(10 * time.Minute)
	gone := s.get(t, token)
	assert.Equal(t, http.StatusGone, gone.status)
	assert.Contains(t, html.UnescapeString(gone.body), "http://127.0.0.1:1/back?error=session_expired&provider=email&status=error&user_id="+s.me.UserID)
	assert.Equal(t, http.StatusGone, s.send(t, req).status, "nor is a form taken that was opened before")
	clock = now.AddDate(0, 0, 7).Add(-time.Second)
	assert.Equal(t, 200, s.get(t, session).status)
	clock = now.AddDate(0, 0, 7)
	assert.Equal(t, http.StatusGone, s.get(t, session).status)
}

func TestFailedImportsCanBeTriedAgain(t *testing.T) {
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	o.RedirectURL = "https://app.example.com/"
	s := serveSite(t, o)
	link := s.session(t)
	bomb := zipped(t, "a.mbox", mbox(0, 1)+strings.Repeat("\x00", 10<<20))
	for content, says := range map[string]string{
		"%PDF-1.7": "photo.pdf cannot be imported: it is of no kind", "!BDN": "cannot be imported: it is an Outlook data file", "": "there is nothing in it", bomb: "unpacks to more than 8 MiB",
		zipped(t, "a.txt", "x"): "it holds none",
	} {
		failed := s.finish(t, s.send(t, s.form(t, link, "photo.pdf", content)))
		assert.Equal(t, 200, failed.status)
		assert.Contains(t, failed.body, says)
		assert.NotContains(t, failed.body, filepath.Dir(o.Path), "where files lie is nobody's business")
		assert.Contains(t, failed.body, "error=import_failed")
		noUploads(t, o.Path)
	}
	assert.Contains(t, s.finish(t, s.send(t, s.form(t, link, "a.mbox", mbox(0, 1)))).body, "1 message")
}

func TestImportsOutliveTheProcess(t *testing.T) {
	const count = 300
	o := options()
	o.Path = filepath.Join(t.TempDir(), "a.db")
	s := serveSite(t, o)
	link := s.session(t)
	sent := s.send(t, s.form(t, link, "a.mbox", mbox(0, count)))
	require.Equal(t, http.StatusSeeOther, sent.status)
	require.NoError(t, s.engine.Close())
	left, err := filepath.Glob(o.Path + ".upload-*")
	require.NoError(t, err)
	require.Len(t, left, 1, "the file waits for who opens the database next")
	info, err := os.Stat(left[0])
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())

	later := serveSite(t, o)
	again := strings.Replace(link, s.origin, later.origin, 1)
	assert.Equal(t, http.StatusSeeOther, later.get(t, again).status, "to the progress")
	done := later.finish(t, sent)
	assert.Contains(t, done.body, "300 messages")
	assert.Equal(t, count, call(t, later.fixture, attrove.GetSyncStats, attrove.None{}).Totals.Messages)
	noUploads(t, o.Path)
}

func TestLeftoversOfUploadsAreRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	for name, age := range map[string]time.Duration{"old": time.Hour, "fresh": 0} {
		dir := path + ".upload-" + name
		require.NoError(t, os.Mkdir(dir, 0o700))
		file := filepath.Join(dir, "Inbox")
		require.NoError(t, os.WriteFile(file, []byte("secret"), 0o600))
		for _, one := range []string{file, dir} {
			require.NoError(t, os.Chtimes(one, time.Time{}, time.Now().Add(-age)))
		}
	}
	o := options()
	o.Path = path
	start(t, o)
	assert.NoDirExists(t, path+".upload-old")
	assert.DirExists(t, path+".upload-fresh", "another process may be receiving it")
}

func TestOneLinkTakesOneFileAtATime(t *testing.T) {
	s := serveSite(t, options())
	link := s.session(t)
	first, second := s.form(t, link, "a.mbox", mbox(0, 100)), s.form(t, link, "b.mbox", mbox(100, 200))
	answers := make(chan int, 2)
	for _, req := range []*http.Request{first, second} {
		go func() {
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				answers <- 0
				return
			}
			answers <- resp.StatusCode
			resp.Body.Close()
		}()
	}
	for range 2 {
		assert.Contains(t, []int{http.StatusSeeOther, http.StatusGone}, <-answers)
	}
	require.NoError(t, s.engine.Drain(context.Background()))
	u, err := url.Parse(link)
	require.NoError(t, err)
	done := s.finish(t, page{status: http.StatusSeeOther, header: http.Header{"Location": {u.Path + "/progress?" + u.RawQuery}}})
	assert.Contains(t, done.body, "100 messages")
	assert.Equal(t, 100, call(t, s.fixture, attrove.GetSyncStats, attrove.None{}).Totals.Messages)
}
