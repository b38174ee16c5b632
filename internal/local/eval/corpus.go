package eval

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
	"github.com/attrove/attrove-mcp/internal/importer/mbox"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// document is one item of a corpus: a message, or a meeting with its lines.
type document struct {
	name    string // what queries call it
	message *store.Message
	meeting *store.Meeting
	lines   []line
}

// line is one line of a transcript, and the cues or turns that it is made of.
type line struct {
	text  string
	parts []string
}

// query is one question, with the documents and the parts of them that answer it.
type query struct {
	text      string
	documents map[string]bool
	parts     map[string]bool // empty where only documents are judged
	kind      string          // of what is asked for: decision, action and others; "" where there are none
	answer    string          // in the words of people; "" where there is none
}

// mailbox reads an mbox file.
func mailbox(path string) ([]document, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	var docs []document
	for r := mbox.NewReader(file, 0); ; {
		raw, err := r.Next()
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		m := mail.Read(raw.Raw, mail.Context{Envelope: raw.EnvelopeDate(), Latest: time.Now()})
		msg := store.Message{
			Source: "email", SentAt: m.Date, SenderEmail: m.From.Email, SenderName: m.From.Name,
			Subject: m.Subject, BodyText: m.Body, QuotedText: m.Quoted,
		}
		for _, to := range m.Recipients {
			msg.Recipients = append(msg.Recipients, store.Person{Email: to.Email, Name: to.Name})
		}
		docs = append(docs, document{name: "<" + m.ID + ">", message: &msg})
	}
}

// transcripts reads the files of a folder with the reader for their lines.
func transcripts(pattern string, read func(text string) []line) ([]document, error) {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no %s", pattern)
	}
	var docs []document
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		d := document{name: name, lines: read(string(data))}
		var text strings.Builder
		for _, l := range d.lines {
			text.WriteString(l.text + "\n")
		}
		d.meeting = &store.Meeting{Source: "meeting", Title: "Meeting", StartAt: time.Unix(0, 0), Transcript: text.String()}
		docs = append(docs, d)
	}
	return docs, nil
}

// turns reads "Speaker: words" lines; a turn is called by its number.
func turns(text string) []line {
	var lines []line
	for i, l := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		lines = append(lines, line{text: l, parts: []string{strconv.Itoa(i)}})
	}
	return lines
}

var speaker = regexp.MustCompile(`^([^:]{1,60}): `)

// cues reads WebVTT and joins what one speaker says in a row, as far as it is a
// turn of usual length.
func cues(text string) []line {
	const longTurn = 60 // words
	var lines []line
	last := ""
	for _, block := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		rows := strings.Split(strings.TrimSpace(block), "\n")
		if len(rows) < 3 || !strings.Contains(rows[1], "-->") {
			continue
		}
		words := strings.Join(rows[2:], " ")
		who := speaker.FindString(words)
		if n := len(lines) - 1; n >= 0 && who == last && len(strings.Fields(lines[n].text)) < longTurn {
			lines[n].text += " " + strings.TrimPrefix(words, who)
			lines[n].parts = append(lines[n].parts, rows[0])
		} else {
			lines = append(lines, line{text: words, parts: []string{rows[0]}})
		}
		last = who
	}
	return lines
}

// queries reads a file of judged queries, one JSON object a line.
func queries(path string) ([]query, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	var out []query
	rows := bufio.NewScanner(file)
	rows.Buffer(nil, 1<<20)
	for rows.Scan() {
		var row struct {
			Query  string   `json:"query"`
			Docs   []string `json:"relevant_docs"`
			Cues   []string `json:"relevant_cues"`
			Turns  [][2]int `json:"relevant_turns"`
			Kind   string   `json:"kind"`
			Answer string   `json:"answer"`
		}
		if err := json.Unmarshal(rows.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		q := query{text: row.Query, documents: map[string]bool{}, parts: map[string]bool{}, kind: row.Kind, answer: row.Answer}
		for _, d := range row.Docs {
			q.documents[d] = true
		}
		for _, c := range row.Cues {
			q.parts[c] = true
		}
		for _, t := range row.Turns {
			for i := t[0]; i <= t[1]; i++ {
				q.parts[strconv.Itoa(i)] = true
			}
		}
		out = append(out, q)
	}
	return out, rows.Err()
}
