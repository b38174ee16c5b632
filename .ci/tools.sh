# What the checks need beside Go; they source this. It is installed when it is not
# there, in one version, and a mirror that is slow or away for a moment is asked
# again.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/attrove-mcp-ci
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps servers

# again COMMAND...: runs it until it succeeds, five times at most.
again() {
  local pause
  for pause in 2 5 15 45; do
    "$@" && return
    echo "$1 failed; again in $pause s" >&2
    sleep "$pause"
  done
  "$@"
}

# need PROGRAM[=PACKAGE]...: installs the Debian packages of those that are not there.
need() {
  local one missing=()
  for one; do
    command -v "${one%%=*}" >/dev/null || missing+=("${one##*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  again apt-get update -qq
  again apt-get install -qqy --no-install-recommends "${missing[@]}"
}

# node_tools DIRECTORY PACKAGE@VERSION...: installs packages of npm into a directory
# of the cache, which is good once all of them are there.
node_tools() {
  local dir=$cache/$1
  [ ! -e "$dir/installed" ] || return 0
  need npm
  mkdir -p "$dir"
  again npm install --prefix "$dir" --no-audit --no-fund --loglevel=error "${@:2}"
  touch "$dir/installed"
}
