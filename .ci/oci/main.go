// Command oci packs a program for Linux into a container image that holds
// nothing else but the web's root certificates: no shell, no package, no user but
// an unprivileged one. It needs no container engine. The same program gives the
// same bytes. It is a module of its own, so that the product does not depend on
// what packs it.
//
//	oci PROGRAM RELEASE OUT.tar DOCUMENT...
//
// OUT is an OCI image layout in an archive, with what docker load needs besides.
package main

import (
	"debug/buildinfo"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// nobody is the user that the program runs as, and the group: the one that
// distroless images call nonroot.
const nobody = 65532

func main() {
	log.SetFlags(0)
	if len(os.Args) < 4 {
		log.Fatal("usage: oci PROGRAM RELEASE OUT.tar DOCUMENT...")
	}
	if err := run(os.Args[1], strings.TrimPrefix(os.Args[2], "v"), os.Args[3], os.Args[4:]); err != nil {
		log.Fatalf("oci: %v", err)
	}
}

func run(program, release, out string, documents []string) error {
	b, err := read(program)
	if err != nil {
		return err
	}
	img, err := b.image(program, release, documents)
	if err != nil {
		return err
	}
	name := "ghcr.io/" + strings.TrimPrefix(b.module, "github.com/") + ":" + release
	if err := write(out, img, name, b.when); err != nil {
		return err
	}
	digest, err := img.Digest()
	if err != nil {
		return err
	}
	fmt.Printf("%s@%s %s\n", name, digest, b.arch)
	return nil
}

// build is what the Go toolchain recorded in a program.
type build struct {
	module   string
	arch     string
	revision string
	when     time.Time // of the commit: what else is there would differ from build to build
}

func read(program string) (build, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return build{}, fmt.Errorf("%s: %w", program, err)
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	for name, wanted := range map[string]string{"GOOS": "linux", "CGO_ENABLED": "0"} {
		if settings[name] != wanted {
			return build{}, fmt.Errorf("%s was built with %s=%s, and must be with %s", program, name, settings[name], wanted)
		}
	}
	b := build{module: info.Main.Path, arch: settings["GOARCH"], revision: settings["vcs.revision"]}
	if b.when, err = time.Parse(time.RFC3339, settings["vcs.time"]); err != nil {
		return build{}, fmt.Errorf("%s: the time of its commit: %w", program, err)
	}
	return b, nil
}

// image is the program in its image. What changes with every release is a layer
// of its own.
func (b build) image(program, release string, documents []string) (v1.Image, error) {
	roots, err := b.layer(system)
	if err != nil {
		return nil, err
	}
	product, err := b.layer(func(l *layer) error {
		if err := l.copy("usr/local/bin/"+b.name(), 0o755, program); err != nil {
			return err
		}
		for _, file := range documents {
			if err := l.copy("usr/share/doc/"+b.name()+"/"+filepath.Base(file), 0o644, file); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	created := v1.Time{Time: b.when}
	img, err = mutate.Append(img,
		mutate.Addendum{Layer: roots, History: v1.History{Created: created, CreatedBy: "root certificates and a user"}},
		mutate.Addendum{Layer: product, History: v1.History{Created: created, CreatedBy: b.name() + " " + release}})
	if err != nil {
		return nil, err
	}
	return b.configured(img, release)
}

// name is the program's own.
func (b build) name() string { return b.module[strings.LastIndexByte(b.module, '/')+1:] }

// configured says how the image is run.
func (b build) configured(img v1.Image, release string) (v1.Image, error) {
	config, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", b.arch, v1.Time{Time: b.when}
	source := "https://" + b.module
	config.Config = v1.Config{
		User:       fmt.Sprintf("%d:%[1]d", nobody),
		Entrypoint: []string{"/usr/local/bin/" + b.name()},
		Env:        []string{"PATH=/usr/local/bin", "HOME=/data"},
		WorkingDir: "/data",
		StopSignal: "SIGTERM",
		Labels: map[string]string{ // https://github.com/opencontainers/image-spec/blob/main/annotations.md
			"org.opencontainers.image.title":         b.name(),
			"org.opencontainers.image.description":   "An MCP server for the Attrove API.",
			"org.opencontainers.image.version":       release,
			"org.opencontainers.image.revision":      b.revision,
			"org.opencontainers.image.created":       b.when.UTC().Format(time.RFC3339),
			"org.opencontainers.image.source":        source,
			"org.opencontainers.image.url":           source,
			"org.opencontainers.image.documentation": source + "/blob/main/docs/operations.md",
			"org.opencontainers.image.licenses":      "Apache-2.0",
		},
	}
	return mutate.ConfigFile(img, config)
}
