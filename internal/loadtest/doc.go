// Package loadtest measures what a call through the product costs beside the
// same call made directly, and beside the least that an MCP server written with
// mcp-go can do. Servers run in processes of their own and take turns within one
// run, so that all meet the same machine: what counts is their ratios.
package loadtest
