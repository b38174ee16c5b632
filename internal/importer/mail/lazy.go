package mail

import (
	"regexp"
	"sync"
)

// lazily compiles a pattern when it is first needed. Most commands read no mail,
// and compiling all patterns takes as long as the rest of their start.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
