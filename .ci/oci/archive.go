package main

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// write archives img under name.
func write(out string, img v1.Image, name string, when time.Time) error {
	dir, err := os.MkdirTemp("", "oci-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	at, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	if err := at.AppendImage(img, layout.WithAnnotations(map[string]string{
		"io.containerd.image.name":          name, // what docker load names it by where containerd keeps the images
		"org.opencontainers.image.ref.name": name[strings.LastIndexByte(name, ':')+1:],
	})); err != nil {
		return err
	}
	if err := forDocker(dir, img, name); err != nil {
		return err
	}
	return archive(out, dir, when)
}

// forDocker adds the list of blobs that docker load reads where containerd does
// not keep the images, as docker save does.
func forDocker(dir string, img v1.Image, name string) error {
	config, err := img.ConfigName()
	if err != nil {
		return err
	}
	saved := tarball.Descriptor{Config: blob(config), RepoTags: []string{name}}
	layers, err := img.Layers()
	if err != nil {
		return err
	}
	for _, l := range layers {
		digest, err := l.Digest()
		if err != nil {
			return err
		}
		saved.Layers = append(saved.Layers, blob(digest))
	}
	text, err := json.Marshal(tarball.Manifest{saved})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "manifest.json"), text, 0o644)
}

func blob(h v1.Hash) string { return "blobs/" + h.Algorithm + "/" + h.Hex }

// archive packs dir, always in the same way.
func archive(out, dir string, when time.Time) (err error) {
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	packed := &layer{tar.NewWriter(file), when, map[string]bool{".": true}}
	if err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return packed.copy(filepath.ToSlash(name), 0o644, path)
	}); err != nil {
		return err
	}
	return packed.Close()
}
