package importer

import (
	"context"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// gather makes sources of a tree. What cannot be imported is an error where the
// user named it, and noted where it only lies beside what can be.
func (f *finder) gather(ctx context.Context, t tree) error {
	before := len(f.sources)
	rest, err := f.workspaces(t)
	if err != nil {
		return err
	}
	g := gathered{tree: t, by: map[form][]*entry{}}
	for _, e := range rest {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := g.add(f.opts, e); err != nil {
			return err
		}
	}
	for _, e := range g.by[formMailbox] {
		file, size, err := t.seekable(ctx, e)
		if err != nil {
			return err
		}
		if err := f.add(&source{path: e.path, name: stem(path.Base(e.name)), content: &mailbox{file: file, size: size}}, t, e.key); err != nil {
			return err
		}
	}
	if err := f.archives(ctx, &g); err != nil {
		return err
	}
	if err := f.collections(&g); err != nil {
		return err
	}
	if len(f.sources) == before {
		return &NotImportableError{t.path, g.nothing()}
	}
	if len(g.others) > 0 {
		f.opts.Reporter.Note(fmt.Sprintf("%s: left out %s that nothing can be imported from: %s", t.path, count(len(g.others), "file"), some(g.others)))
	}
	return nil
}

// collections makes a source of all files of each form that are read whole.
func (f *finder) collections(g *gathered) error {
	g.seat()
	for _, one := range []form{formLetter, formCalendar, formTranscript, formMinutes} {
		if len(g.by[one]) == 0 {
			continue
		}
		c := &collection{entries: g.by[one], form: one}
		if one == formCalendar {
			c.season = f.opts.Now().Format("2006-01")
			f.opts.Reporter.Note(fmt.Sprintf("%s: events that repeat are imported until %s; import again later for more",
				g.path, f.opts.horizon().Format(time.DateOnly)))
		}
		if err := f.add(&source{path: g.path, name: stem(filepath.Base(g.key)), content: c}, g.tree, g.key+"\x00"+one.String()); err != nil {
			return err
		}
	}
	return nil
}

// gathered is a tree's files by their form.
type gathered struct {
	tree
	by       map[form][]*entry
	archived []*entry
	others   []string
	why      string // of the last of them
}

func (g *gathered) add(o Options, e *entry) error {
	head, err := e.head()
	if err != nil {
		if g.named {
			return openError(g.path, err)
		}
		o.Reporter.Note(fmt.Sprintf("%s: %s cannot be read: %v", g.path, shown(e.name), err))
		g.others = append(g.others, shown(e.name))
		return nil
	}
	if !g.named && !e.packed && archive(head) != "" {
		g.archived = append(g.archived, e)
		return nil
	}
	found := formOf(e.name, head, g.named)
	if found == formUnknown {
		g.others, g.why = append(g.others, shown(e.name)), looksLike(head)
		return nil
	}
	g.by[found] = append(g.by[found], e)
	return nil
}

// head is the beginning of a file.
func (e *entry) head() ([]byte, error) {
	file, err := e.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	head, err := io.ReadAll(io.LimitReader(file, headSize))
	return head, err
}

// seat puts chats beside the transcripts of their meetings: under the same name
// up to its first dot, or in the same folder if there is one of each. The others
// are meetings of their own.
func (g *gathered) seat() {
	for _, chat := range g.by[formChat] {
		var beside []*entry
		for _, e := range g.by[formTranscript] {
			if path.Dir(e.name) == path.Dir(chat.name) && first(e.name) == first(chat.name) {
				beside = append(beside, e)
			}
		}
		if len(beside) == 0 {
			same := func(e *entry) bool { return path.Dir(e.name) == path.Dir(chat.name) }
			all := slices.DeleteFunc(slices.Clone(g.by[formTranscript]), func(e *entry) bool { return !same(e) })
			chats := slices.DeleteFunc(slices.Clone(g.by[formChat]), func(e *entry) bool { return !same(e) })
			if len(all) == 1 && len(chats) == 1 {
				beside = all
			}
		}
		if len(beside) == 0 {
			g.by[formTranscript] = append(g.by[formTranscript], chat)
		}
		for _, e := range beside {
			e.beside = chat
		}
	}
}

func first(name string) string {
	name, _, _ = strings.Cut(path.Base(name), ".")
	return name
}

// nothing says why nothing in a tree can be imported.
func (g *gathered) nothing() string {
	if g.named {
		return g.why
	}
	return "it holds none (" + some(g.others) + ")"
}
