package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHealth(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "planted answer", status) }))
	health := func(url string) (exit int, said string) {
		var out, errOut bytes.Buffer
		exit = run(t.Context(), []string{"health", url}, &bytes.Buffer{}, &out, &errOut)
		assert.Empty(t, out.String())
		return exit, errOut.String()
	}
	exit, said := health(server.URL)
	assert.Equal(t, exitOK, exit, said)

	status = http.StatusServiceUnavailable
	exit, said = health(server.URL)
	assert.Equal(t, exitError, exit)
	assert.Contains(t, said, "503 Service Unavailable: planted answer")

	server.Close()
	exit, said = health(server.URL)
	assert.Equal(t, exitError, exit)
	assert.Contains(t, said, "connection refused")

	exit, _ = health("://")
	assert.Equal(t, exitUsage, exit)
}
