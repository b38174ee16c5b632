package main

import (
	"archive/tar"
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"path"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// layer is files in the making, all of the same age.
type layer struct {
	*tar.Writer
	when time.Time
	made map[string]bool // directories
}

// layer is what fill puts into one.
func (b build) layer(fill func(*layer) error) (v1.Layer, error) {
	var files bytes.Buffer
	l := &layer{tar.NewWriter(&files), b.when, map[string]bool{".": true}}
	if err := fill(l); err != nil {
		return nil, err
	}
	if err := l.Close(); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(files.Bytes())), nil },
		tarball.WithMediaType(types.OCILayer), tarball.WithCompressedCaching)
}

// system is what a program expects of a system.
func system(l *layer) error {
	var roots bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint != nil { // a file cannot say for what it may still be trusted
			continue
		}
		if err := pem.Encode(&roots, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}); err != nil {
			return err
		}
	}
	for _, file := range []struct{ name, content string }{
		{"etc/group", fmt.Sprintf("root:x:0:\nnonroot:x:%d:\n", nobody)},
		{"etc/passwd", fmt.Sprintf("root:x:0:0:root:/:/sbin/nologin\nnonroot:x:%d:%[1]d:nonroot:/data:/sbin/nologin\n", nobody)},
		{"etc/ssl/certs/ca-certificates.crt", roots.String()},
	} {
		if err := l.file(file.name, 0o644, []byte(file.content)); err != nil {
			return err
		}
	}
	if err := l.dir("data", 0o700, nobody); err != nil { // a new volume takes its owner and mode from here
		return err
	}
	return l.dir("tmp", 0o1777, 0)
}

func (l *layer) copy(name string, mode int64, from string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return l.file(name, mode, content)
}

// file is one of root's that others may read, in directories of the same kind.
func (l *layer) file(name string, mode int64, content []byte) error {
	if err := l.parents(path.Dir(name)); err != nil {
		return err
	}
	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(content)), ModTime: l.when}
	if err := l.WriteHeader(header); err != nil {
		return err
	}
	_, err := l.Write(content)
	return err
}

func (l *layer) parents(dir string) error {
	if l.made[dir] {
		return nil
	}
	if err := l.parents(path.Dir(dir)); err != nil {
		return err
	}
	return l.dir(dir, 0o755, 0)
}

func (l *layer) dir(name string, mode int64, owner int) error {
	l.made[name] = true
	return l.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: mode, Uid: owner, Gid: owner, ModTime: l.when})
}
