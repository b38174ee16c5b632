// Command gosdk connects the official Go SDK to a built binary, over standard input
// and output and over HTTP, in both eras, and uses all that the server has. It is a
// module of its own, so that the product does not depend on the SDK.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	legacy = "2025-11-25"
	modern = "2026-07-28"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: gosdk BINARY URL")
	}
	binary, url := os.Args[1], os.Args[2]
	for _, version := range []string{legacy, modern} {
		for _, way := range []string{"stdio", "HTTP"} {
			var over mcp.Transport = &mcp.StreamableClientTransport{Endpoint: url}
			if way == "stdio" {
				over = &mcp.CommandTransport{Command: exec.CommandContext(context.Background(), binary, "stdio", "--demo")} //nolint:gosec // the one to try
			}
			done, err := try(over, version, way)
			if err != nil {
				log.Fatalf("Go SDK, %s over %s: %v", version, way, err)
			}
			fmt.Printf("ok  Go SDK, %s over %s: %s\n", version, way, strings.Join(done, ", "))
		}
	}
}

// session is a connection, and what it is told of.
type session struct {
	*mcp.ClientSession
	updated chan string
}

// try connects, uses what there is, and returns what that was.
func try(over mcp.Transport, version, way string) (done []string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := session{updated: make(chan string, 8)}
	client := mcp.NewClient(&mcp.Implementation{Name: "gosdk", Version: "1"}, &mcp.ClientOptions{
		ResourceUpdatedHandler: func(_ context.Context, req *mcp.ResourceUpdatedNotificationRequest) { s.updated <- req.Params.URI },
	})
	s.ClientSession, err = client.Connect(ctx, over, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	hello := s.InitializeResult()
	if hello.ProtocolVersion != version {
		return nil, fmt.Errorf("agreed on %s", hello.ProtocolVersion)
	}
	checks := []struct {
		name string
		do   func(context.Context) error
	}{{"tools", s.tools}, {"resources", s.resources}, {"prompts", s.prompts}, {"subscriptions", s.subscriptions}}
	if hello.Capabilities.Resources == nil || !hello.Capabilities.Resources.Subscribe {
		if version != legacy || way != "HTTP" { // which has no session in which to be told
			return nil, errors.New("no subscriptions are offered")
		}
		checks = checks[:3]
	}
	for _, check := range checks {
		if err := check.do(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", check.name, err)
		}
		done = append(done, check.name)
	}
	return done, nil
}

// call calls a tool and decodes its structuredContent.
func (s session) call(ctx context.Context, name string, arguments map[string]any, out any) error {
	result, err := s.CallTool(ctx, &mcp.CallToolParams{Name: name, Arguments: arguments})
	if err != nil {
		return err
	}
	raw, err := json.Marshal(result.StructuredContent)
	if err == nil && result.IsError {
		err = fmt.Errorf("%s failed: %s", name, raw)
	}
	return errors.Join(err, json.Unmarshal(raw, out))
}

func (s session) tools(ctx context.Context) error {
	list, err := s.ListTools(ctx, nil)
	if err != nil {
		return err
	}
	if len(list.Tools) < 30 {
		return fmt.Errorf("%d tools", len(list.Tools))
	}
	var answer struct {
		KeyMessages []struct {
			ID string `json:"id"`
		} `json:"key_messages"`
	}
	if err := s.call(ctx, "attrove_search", map[string]any{"query": "renewal"}, &answer); err != nil {
		return err
	}
	if len(answer.KeyMessages) == 0 {
		return errors.New("the search finds nothing")
	}
	if _, err := s.CallTool(ctx, &mcp.CallToolParams{Name: "attrove_no_such_tool", Arguments: map[string]any{}}); err == nil {
		return errors.New("a tool that does not exist can be called")
	}
	return nil
}

// complete picks the first thing that an argument may be.
func (s session) complete(ctx context.Context, ref *mcp.CompleteReference, name string) (string, error) {
	result, err := s.Complete(ctx, &mcp.CompleteParams{Ref: ref, Argument: mcp.CompleteParamsArgument{Name: name}})
	if err != nil {
		return "", err
	}
	if len(result.Completion.Values) == 0 {
		return "", fmt.Errorf("nothing completes %s", name)
	}
	return result.Completion.Values[0], nil
}

func (s session) read(ctx context.Context, uri string) error {
	result, err := s.ReadResource(ctx, &mcp.ReadResourceParams{URI: uri})
	if err != nil {
		return err
	}
	if len(result.Contents) != 1 || result.Contents[0].Text == "" || result.Contents[0].URI != uri {
		return fmt.Errorf("%s is empty", uri)
	}
	return nil
}

func (s session) resources(ctx context.Context) error {
	list, err := s.ListResources(ctx, nil)
	if err != nil {
		return err
	}
	own := slices.IndexFunc(list.Resources, func(r *mcp.Resource) bool { return strings.HasPrefix(r.URI, "attrove://goals/") })
	if own < 0 {
		return errors.New("no goal is listed")
	}
	uris := []string{"attrove://goals", list.Resources[own].URI}
	templates, err := s.ListResourceTemplates(ctx, nil)
	if err != nil {
		return err
	}
	for _, t := range templates.ResourceTemplates {
		_, after, _ := strings.Cut(t.URITemplate, "{")
		name, _, _ := strings.Cut(after, "}")
		value, err := s.complete(ctx, &mcp.CompleteReference{Type: "ref/resource", URI: t.URITemplate}, name)
		if err != nil {
			return fmt.Errorf("%s: %w", t.URITemplate, err)
		}
		uris = append(uris, strings.Replace(t.URITemplate, "{"+name+"}", value, 1))
	}
	for _, uri := range uris {
		if err := s.read(ctx, uri); err != nil {
			return fmt.Errorf("%s: %w", uri, err)
		}
	}
	if s.read(ctx, "attrove://goals/gol_nobodys") == nil {
		return errors.New("a goal that does not exist can be read")
	}
	return nil
}

func (s session) prompts(ctx context.Context) error {
	list, err := s.ListPrompts(ctx, nil)
	if err != nil {
		return err
	}
	for _, p := range list.Prompts {
		given := map[string]string{}
		for _, a := range p.Arguments {
			if !a.Required {
				continue
			}
			if given[a.Name], err = s.complete(ctx, &mcp.CompleteReference{Type: "ref/prompt", Name: p.Name}, a.Name); err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
		}
		result, err := s.GetPrompt(ctx, &mcp.GetPromptParams{Name: p.Name, Arguments: given})
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		if len(result.Messages) == 0 {
			return fmt.Errorf("%s has no messages", p.Name)
		}
	}
	return nil
}

// subscriptions has a goal evaluated and waits to be told of it.
func (s session) subscriptions(ctx context.Context) error {
	var goals struct {
		Data []struct {
			ID        string `json:"id"`
			Lifecycle string `json:"lifecycle"`
		} `json:"data"`
	}
	if err := s.call(ctx, "attrove_list_goals", map[string]any{}, &goals); err != nil {
		return err
	}
	active := ""
	for _, g := range goals.Data {
		if g.Lifecycle == "active" {
			active = g.ID
		}
	}
	if active == "" {
		return errors.New("no active goals")
	}
	uri := "attrove://goals/" + active
	if err := s.Subscribe(ctx, &mcp.SubscribeParams{URI: uri}); err != nil {
		return err
	}
	var run struct{}
	if err := s.call(ctx, "attrove_evaluate_goal", map[string]any{"goal_id": active}, &run); err != nil {
		return err
	}
	select {
	case heard := <-s.updated:
		if heard != uri {
			return fmt.Errorf("heard of %s", heard)
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.Unsubscribe(ctx, &mcp.UnsubscribeParams{URI: uri})
}
