package realdata_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/realdata"
)

func TestDirSkipsWhatIsAbsent(t *testing.T) {
	var skipped bool
	t.Run("absent", func(t *testing.T) {
		t.Cleanup(func() { skipped = t.Skipped() })
		realdata.Dir(t, "no-such-file-exists")
		t.Error("Dir returned though the file is absent")
	})
	assert.True(t, skipped)
}

func TestDirFindsWhatIsThere(t *testing.T) {
	assert.FileExists(t, filepath.Join(realdata.Dir(t, "email"), "enron-allen-p.mbox"))
}
