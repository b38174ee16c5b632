package conformance_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/gate"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/mcpserver"
	"github.com/attrove/attrove-mcp/internal/safe/safetest"
	"github.com/attrove/attrove-mcp/resources"
	"github.com/attrove/attrove-mcp/tools"
)

// The smallest PNG and WAV.
const (
	pixel   = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
	silence = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA=="
)

// schemaOf2020 uses what JSON Schema 2020-12 has and the suite looks for.
const schemaOf2020 = `{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
"$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
"properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},
"allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
"if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}`

const noArguments = `{"type":"object"}`

// fixed is a server as this project serves it, and on it the tools, resources and
// prompts that the suite calls by name.
func fixed(t *testing.T) *server.MCPServer {
	t.Helper()
	logs := safetest.Log(t, io.Discard)
	engine := local.New(local.Options{Log: logs.Logger})
	t.Cleanup(func() { assert.NoError(t, engine.Close()) })
	c, err := attrove.NewClient(attrove.ClientOptions{BaseURL: "http://localhost", Transport: logs.Between(t, engine.Transport()), Ours: true})
	require.NoError(t, err)
	s, err := mcpserver.New(mcpserver.Options{
		Gate:      gate.New(gate.Everything(tools.Catalog()), tools.Env{Client: c, Now: time.Now}, engine.LocalCaller),
		Resources: resources.Env{Client: c}, Version: "v0", Log: logs.Logger,
	})
	require.NoError(t, err)
	added := slices.Concat(contents(), notifying(s), asking())
	s.AddTools(added...)
	s.GetHooks().AddAfterListTools(func(_ context.Context, _ any, _ *mcp.ListToolsRequest, list *mcp.ListToolsResult) {
		list.Tools = slices.Clone(list.Tools)
		for _, tool := range added {
			list.Tools = append(list.Tools, tool.Tool)
		}
	})
	addResources(s)
	addPrompts(s)
	return s
}

func tool(name, schema string, handler server.ToolHandlerFunc) server.ServerTool {
	return server.ServerTool{Tool: mcp.NewToolWithRawSchema(name, "A fixture of the conformance suite.", json.RawMessage(schema)), Handler: handler}
}

// says is a tool that returns content.
func says(name string, content ...mcp.Content) server.ServerTool {
	return tool(name, noArguments, func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{Content: content}, nil
	})
}

func contents() []server.ServerTool {
	done := mcp.NewTextContent("done")
	image := mcp.NewImageContent(pixel, "image/png")
	return []server.ServerTool{
		says("test_simple_text", mcp.NewTextContent("This is a simple text response for testing.")),
		says("test_image_content", image),
		says("test_audio_content", mcp.NewAudioContent(silence, "audio/wav")),
		says("test_embedded_resource", embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
		says("test_multiple_content_types", mcp.NewTextContent("Multiple content types test:"), image,
			embedded("test://mixed-content-resource", "application/json", `{"test":"data","value":123}`)),
		tool("test_error_handling", noArguments, func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return mcp.NewToolResultError("This tool intentionally returns an error for testing"), nil
		}),
		tool("json_schema_2020_12_tool", schemaOf2020, func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{done}}, nil
		}),
		tool("test_header", `{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}},"required":["region"]}`,
			func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
				return &mcp.CallToolResult{Content: []mcp.Content{done}}, nil
			}),
	}
}

func embedded(uri, mime, text string) mcp.EmbeddedResource {
	return mcp.NewEmbeddedResource(mcp.TextResourceContents{URI: uri, MIMEType: mime, Text: text})
}

// notifying are tools that say something while they run.
func notifying(s *server.MCPServer) []server.ServerTool {
	return []server.ServerTool{
		tool("test_tool_with_progress", noArguments, func(ctx context.Context, req mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			for _, progress := range []int{0, 50, 100} {
				err := s.SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress), map[string]any{
					"progressToken": req.Params.Meta.ProgressToken, "progress": progress, "total": 100,
				})
				if err != nil {
					return nil, err
				}
				time.Sleep(50 * time.Millisecond) // as the suite demands
			}
			return mcp.NewToolResultText("done"), nil
		}),
		tool("test_logging_tool", noArguments, func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			note := mcp.NewLoggingMessageNotification(mcp.LoggingLevelInfo, "fixture", "nobody asked")
			_ = s.SendLogMessageToClient(ctx, note) // it may refuse
			return mcp.NewToolResultText("done"), nil
		}),
	}
}

// question is something to ask a client for: "elicitation", "sampling" or "roots".
type question struct{ id, kind, text, field, of string }

func whoIsIt() question {
	return question{"user_name", "elicitation", "What is your name?", "name", "string"}
}
func greeting() question { return question{"greeting()", "sampling", "Generate a greeting()", "", ""} }
func theRoots() question { return question{"client_roots", "roots", "", "", ""} }

// ask adds the questions to what a client is to answer.
func ask(b *server.InputRequestBuilder, questions ...question) *server.InputRequestBuilder {
	for _, q := range questions {
		switch q.kind {
		case "elicitation":
			b.Elicit(q.id, mcp.ElicitationParams{Message: q.text, RequestedSchema: map[string]any{
				"type": "object", "properties": map[string]any{q.field: map[string]string{"type": q.of}}, "required": []string{q.field}}})
		case "sampling":
			b.Sample(q.id, mcp.CreateMessageParams{MaxTokens: 100, Messages: []mcp.SamplingMessage{
				{Role: mcp.RoleUser, Content: mcp.NewTextContent(q.text)}}})
		case "roots":
			b.Roots(q.id)
		}
	}
	return b
}

// answers is what the client said to a question, false when it did not answer.
func answers(given mcp.InputResponses, q question) (string, bool) {
	switch q.kind {
	case "elicitation":
		if a := server.ElicitationResponse(given, q.id); a != nil && a.Action == mcp.ElicitationResponseActionAccept {
			return fmt.Sprint(a.Content), true
		}
	case "sampling":
		if a := server.SamplingResponse(given, q.id); a != nil {
			return fmt.Sprint(a.Content), true
		}
	case "roots":
		if a := server.RootsResponse(given, q.id); a != nil {
			return fmt.Sprint(a.Roots), true
		}
	}
	return "", false
}

// asks is a tool that asks the questions, in rounds, until it has all answers. Its
// state is the name of the round.
func asks(name string, rounds ...[]question) server.ServerTool {
	states := make([]string, len(rounds))
	for i := range rounds {
		states[i] = fmt.Sprint("round-", i)
	}
	return tool("test_"+name, noArguments, func(_ context.Context, req mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		round := slices.Index(states, cmp.Or(req.Params.RequestState, states[0]))
		if round < 0 {
			return nil, errors.New("requestState: not as it was given")
		}
		heard := []string{"state-ok"}
		for _, q := range rounds[round] {
			if said, ok := answers(req.Params.InputResponses, q); ok {
				heard = append(heard, said)
			}
		}
		if len(heard) > len(rounds[round]) {
			round++
		}
		if round == len(rounds) {
			return mcp.NewToolResultText(strings.Join(heard, " ")), nil
		}
		return ask(server.NewInputRequestBuilder(states[round]), rounds[round]...).ToolResult(), nil
	})
}

func asking() []server.ServerTool {
	confirm := question{"confirm", "elicitation", "Please confirm", "ok", "boolean"}
	return []server.ServerTool{
		asks("input_required_result_elicitation", []question{whoIsIt()}),
		asks("input_required_result_sampling", []question{{"capital_question", "sampling", "What is the capital of France?", "", ""}}),
		asks("input_required_result_list_roots", []question{theRoots()}),
		asks("input_required_result_request_state", []question{confirm}),
		asks("input_required_result_tampered_state", []question{confirm}),
		asks("input_required_result_multiple_inputs", []question{whoIsIt(), greeting(), theRoots()}),
		asks("input_required_result_multi_round", []question{{"step1", "elicitation", "Step 1: What is your name?", "name", "string"}},
			[]question{{"step2", "elicitation", "Step 2: What is your favorite color?", "color", "string"}}),
		asks("streaming_elicitation", []question{whoIsIt()}),
		tool("test_input_required_result_capabilities", noArguments, func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			can := server.RequestProtocolInfoFromContext(ctx).ClientCapabilities
			var questions []question
			if can.Elicitation != nil {
				questions = append(questions, whoIsIt())
			}
			if can.Sampling != nil {
				questions = append(questions, greeting())
			}
			return ask(server.NewInputRequestBuilder(""), questions...).ToolResult(), nil
		}),
	}
}

func addResources(s *server.MCPServer) {
	const text, binary = "test://static-text", "test://static-binary"
	s.AddResource(mcp.NewResource(text, text), func(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: text, MIMEType: "text/plain", Text: "This is the content of the static text resource."}}, nil
	})
	s.AddResource(mcp.NewResource(binary, binary), func(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		return []mcp.ResourceContents{mcp.BlobResourceContents{URI: binary, MIMEType: "image/png", Blob: pixel}}, nil
	})
	s.AddResourceTemplate(mcp.NewResourceTemplate("test://template/{id}/data", "template"), func(_ context.Context, req mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		id := strings.Split(req.Params.URI, "/")[3]
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: req.Params.URI, MIMEType: "application/json",
			Text: fmt.Sprintf(`{"id":%q,"templateTest":true,"data":"Data for ID: %s"}`, id, id)}}, nil
	})
}

func addPrompts(s *server.MCPServer) {
	add := func(name string, arguments []string, answer func(arguments map[string]string) []mcp.Content) {
		p := fixturePrompt(name)
		for _, argument := range arguments {
			mcp.WithArgument(argument, mcp.RequiredArgument())(&p)
		}
		s.AddPrompt(p, func(_ context.Context, req mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
			result := &mcp.GetPromptResult{}
			for _, c := range answer(req.Params.Arguments) {
				result.Messages = append(result.Messages, mcp.NewPromptMessage(mcp.RoleUser, c))
			}
			return result, nil
		})
	}
	add("test_simple_prompt", nil, func(map[string]string) []mcp.Content {
		return []mcp.Content{mcp.NewTextContent("This is a simple prompt for testing.")}
	})
	add("test_prompt_with_arguments", []string{"arg1", "arg2"}, func(given map[string]string) []mcp.Content {
		return []mcp.Content{mcp.NewTextContent(fmt.Sprintf("Prompt with arguments: arg1='%s', arg2='%s'", given["arg1"], given["arg2"]))}
	})
	add("test_prompt_with_embedded_resource", []string{"resourceUri"}, func(given map[string]string) []mcp.Content {
		return []mcp.Content{embedded(given["resourceUri"], "text/plain", "Embedded resource content for testing."),
			mcp.NewTextContent("Please process the embedded resource above.")}
	})
	add("test_prompt_with_image", nil, func(map[string]string) []mcp.Content {
		return []mcp.Content{mcp.NewImageContent(pixel, "image/png"), mcp.NewTextContent("Please analyze the image above.")}
	})
	about := question{"user_context", "elicitation", "What context should the prompt use?", "context", "string"}
	s.AddPrompt(fixturePrompt("test_input_required_result_prompt"), func(_ context.Context, req mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		said, ok := answers(req.Params.InputResponses, about)
		if !ok {
			return ask(server.NewInputRequestBuilder(""), about).PromptResult(), nil
		}
		return &mcp.GetPromptResult{Messages: []mcp.PromptMessage{mcp.NewPromptMessage(mcp.RoleUser, mcp.NewTextContent(said))}}, nil
	})
}

func fixturePrompt(name string) mcp.Prompt {
	return mcp.NewPrompt(name, mcp.WithPromptDescription("A fixture of the conformance suite."))
}
