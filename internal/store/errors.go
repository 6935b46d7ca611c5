package store

import "errors"

var errNotYet = errors.New("store: not written yet")

func edge(err error) error { return err }
