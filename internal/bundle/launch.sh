#!/bin/sh
# Starts the program for this machine's processor, which MCPB has no way to
# choose. Some hosts unpack a bundle without its execute bits.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
case $(uname -m) in
  x86_64 | amd64) program=$here/attrove-mcp-amd64 ;;
  arm64 | aarch64) program=$here/attrove-mcp-arm64 ;;
  *) echo "attrove-mcp: this bundle has no program for $(uname -m)" >&2; exit 1 ;;
esac
[ -x "$program" ] || chmod u+x "$program"
exec "$program" "$@"
