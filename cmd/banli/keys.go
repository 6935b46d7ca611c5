package main

import (
	"fmt"

	"github.com/banli/banli/internal/keyring"
)

type keysCommand struct {
	File string `arg:"" type:"path" help:"The file. Only its owner may read it; it is in no backup, so keep a copy elsewhere."`
}

func (c *keysCommand) Run() error {
	id, err := keyring.Add(c.File)
	if err != nil {
		return err
	}
	fmt.Printf("%s: key %s encrypts from the next start of each program on; the others in it still decrypt\n", c.File, id)
	return nil
}
