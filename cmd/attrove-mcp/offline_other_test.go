//go:build !linux

package main

import "errors"

func denyNetwork() error { return errors.New("only Linux can") }
