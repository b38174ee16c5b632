package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/alecthomas/kong"
	"github.com/rs/zerolog"
	"golang.org/x/term"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/project"
	"github.com/attrove/attrove-mcp/internal/telemetry"
)

// The exit codes of every command.
const (
	exitOK    = 0
	exitError = 1 // it was tried and failed
	exitUsage = 2 // it was asked for in the wrong way
)

const description = `An MCP server that gives AI assistants the whole Attrove API.

It talks to Attrove's cloud with your own key (ATTROVE_SECRET_KEY and ATTROVE_USER_ID), or, with --local, --db FILE or --demo,
to an engine of its own that keeps everything on this machine. Every flag is also an environment variable: --as-of is ATTROVE_MCP_AS_OF.`

// cli is the command line: its commands and what they share.
type cli struct {
	LogLevel string `help:"Least serious log line on stderr: debug, info, warn or error." enum:"debug,info,warn,error" default:"warn"`

	Stdio   stdioCommand   `cmd:"" help:"Serve one user over standard input and output: what MCP hosts start."`
	HTTP    httpCommand    `cmd:"" name:"http" help:"Serve MCP over streamable HTTP, to one user of this machine or to many over a network."`
	API     apiCommand     `cmd:"" name:"api" help:"Serve the embedded engine's API on this machine."`
	Demo    demoCommand    `cmd:"" help:"Show a sample workspace, offline and in memory."`
	Call    callCommand    `cmd:"" help:"Call one tool and print its result."`
	Users   usersCommand   `cmd:"" help:"Keep the file that says which Attrove user each subject of an OAuth issuer is."`
	Import  importCommand  `cmd:"" help:"Import exported mail, calendars, chat and meetings."`
	Export  exportCommand  `cmd:"" help:"Write all of your data in the embedded engine as lines of JSON."`
	Purge   purgeCommand   `cmd:"" help:"Remove some or all of your data from the embedded engine, and from its files. Say what: --all, --source, --person or --before."`
	Forget  forgetCommand  `cmd:"" help:"Remove everything that has an address in it, and refuse it from then on."`
	People  peopleCommand  `cmd:"" help:"See and correct which addresses are one person's, and which are yours."`
	Docs    docsCommand    `cmd:"" help:"Print documents that are generated from this program."`
	Doctor  doctorCommand  `cmd:"" help:"Compare what this program declares of Attrove's API with the API itself, or check the models that you configured."`
	Eval    evalCommand    `cmd:"" help:"Measure search, answers and more on data whose right answers are known."`
	Health  healthCommand  `cmd:"" help:"Check whether a server is well: exit 0 or 1."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// app is what every command runs with.
type app struct {
	in       io.Reader
	out      io.Writer
	err      io.Writer
	env      config.Lookup
	log      zerolog.Logger
	terminal bool // err is one

	telemetry *telemetry.Telemetry // nil: nothing is observed
}

// usageError is a failure of the one who asked.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run runs a command line until it is done or ctx ends.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	// Kong reads the environment itself: what a host left unfilled must not be there.
	for _, name := range config.Placeholders(os.Environ()) {
		if err := os.Unsetenv(name); err != nil {
			say(errOut, "%s: %v\n", project.Name, err)
			return exitError
		}
	}
	var commands cli
	exit := -1
	parser, err := kong.New(&commands,
		kong.Name(project.Name), kong.Description(description), kong.DefaultEnvars(config.EnvPrefix),
		kong.Writers(out, errOut), kong.Exit(func(code int) { exit = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		say(errOut, "%s: %v\n", project.Name, err)
		return exitError
	}
	args = config.CleanArgs(args)
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help": // as go and git take it
		args = append(slices.Clone(args[1:]), "--help")
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // help was asked for and printed
		return exit
	}
	if err != nil {
		say(errOut, "%s: %v\n", project.Name, err)
		return exitUsage
	}
	a := newApp(commands.LogLevel, in, out, errOut)
	parsed.BindTo(ctx, (*context.Context)(nil))
	return a.exitCode(parsed.Run(a))
}

// say writes to where errors go. When that fails there is nowhere left to say so.
func say(errOut io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(errOut, format, args...) }

func (a *app) say(format string, args ...any) { say(a.err, format, args...) }

func newApp(level string, in io.Reader, out, errOut io.Writer) *app {
	a := &app{in: in, out: out, err: errOut, env: os.LookupEnv}
	file, ok := errOut.(*os.File)
	a.terminal = ok && term.IsTerminal(int(file.Fd()))
	sink := errOut
	if a.terminal {
		sink = zerolog.ConsoleWriter{Out: errOut, TimeFormat: time.TimeOnly}
	}
	least, err := zerolog.ParseLevel(level)
	if err != nil { // the parser admits only levels
		least = zerolog.WarnLevel
	}
	a.log = zerolog.New(sink).Level(least).With().Timestamp().Logger()
	return a
}

func (a *app) exitCode(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		a.say("%s: %v\n", project.Name, err)
		return exitUsage
	}
	a.say("%s: %v\n", project.Name, err)
	return exitError
}
