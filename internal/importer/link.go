package importer

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
)

// link is a message, and what stands before it: in the end, the first of its thread.
type link struct{ message, first key }

// links are in the order of their messages.
type links []link

// find returns where the link of a message is, if it has one.
func (l links) find(message key) (i int, linked bool) {
	return slices.BinarySearchFunc(l, message, func(one link, message key) int { return cmp.Compare(one.message, message) })
}

// How links are stored: in blocks that are read whole.
const (
	linkSize   = 2 * keySize
	blockLinks = 64
	blockSize  = blockLinks * linkSize
)

// linkFile is links in a file. It takes one block to find one.
type linkFile struct {
	file  *scratch
	begin []key // what each block begins with
}

// store writes links to an empty file.
func (l links) store(file *scratch) (linkFile, error) {
	f := linkFile{file: file}
	raw := make([]byte, 0, blockSize)
	for block := range slices.Chunk(l, blockLinks) {
		raw = raw[:0]
		for _, one := range block {
			raw = one.first.appendTo(one.message.appendTo(raw))
		}
		if _, err := file.write(raw); err != nil {
			return linkFile{}, err
		}
		f.begin = append(f.begin, block[0].message)
	}
	return f, nil
}

// firstOf is the first message of the thread that a message belongs to.
func (f linkFile) firstOf(message key) (key, error) {
	block, exact := slices.BinarySearch(f.begin, message)
	if !exact {
		block--
	}
	if block < 0 {
		return message, nil
	}
	from := int64(block) * blockSize
	raw := make([]byte, min(blockSize, f.file.end-from))
	if _, err := f.file.ReadAt(raw, from); err != nil {
		return 0, fmt.Errorf("look up a thread: %w", err)
	}
	i, linked := sort.Find(len(raw)/linkSize, func(i int) int { return cmp.Compare(message, keyIn(raw[i*linkSize:])) })
	if !linked {
		return message, nil
	}
	return keyIn(raw[i*linkSize+keySize:]), nil
}
