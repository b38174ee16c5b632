package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/require"
)

// serveVariable makes the test binary a server: what it holds is which one.
const serveVariable = "START_BENCHMARK_SERVER"

// offlineVariable takes the network from what serveVariable makes of it.
const offlineVariable = "ATTROVE_TEST_OFFLINE"

func TestMain(m *testing.M) {
	if os.Getenv(offlineVariable) != "" {
		if err := denyNetwork(); err != nil {
			say(os.Stderr, "%v\n", err)
			os.Exit(exitError)
		}
	}
	switch os.Getenv(serveVariable) {
	case "":
		os.Exit(m.Run())
	case "bare": // as little as mcp-go can serve
		s := server.NewMCPServer("bare", "1")
		s.AddTool(mcp.NewTool("nothing"), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return mcp.NewToolResultText(""), nil
		})
		if server.ServeStdio(s) != nil {
			os.Exit(exitError)
		}
	default:
		os.Exit(untilTold(strings.Fields(os.Getenv(serveVariable))))
	}
}

const firstList = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"b","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/list"}
`

// BenchmarkStart is the time from the start of a process to its first answer to
// tools/list, beside that of a bare mcp-go server in the same binary.
func BenchmarkStart(b *testing.B) {
	var took [2]time.Duration
	servers := []string{"bare", "stdio --demo"}
	rounds := 0
	for b.Loop() {
		for i, args := range servers { // in turns, so that both meet the same machine
			took[i] += startToList(b, args)
		}
		rounds++
	}
	for i, args := range servers {
		b.ReportMetric(float64(took[i].Milliseconds())/float64(rounds), "ms/"+strings.ReplaceAll(args, " ", ""))
	}
	b.ReportMetric(float64(took[1])/float64(took[0]), "ratio")
}

func startToList(b *testing.B, args string) time.Duration {
	b.Helper()
	exe, err := os.Executable()
	require.NoError(b, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), serveVariable+"="+args)
	in, err := cmd.StdinPipe()
	require.NoError(b, err)
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)

	began := time.Now()
	require.NoError(b, cmd.Start())
	_, err = io.WriteString(in, firstList)
	require.NoError(b, err)
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		require.NoError(b, err)
		if strings.Contains(line, `"id":2`) {
			break
		}
	}
	took := time.Since(began)
	require.NoError(b, in.Close())
	require.NoError(b, cmd.Wait())
	return took
}
