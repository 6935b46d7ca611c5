// Package payload encrypts what Banli hands to the engine to keep: what workflows, activities, updates, queries and signals are told and answer, notes of
// runs and timers, and the messages of failures. Whoever has the engine's database then reads none of it. The engine finds workflows by their ids, types,
// times and search attributes, and so these stay readable.
package payload

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/banli/banli/internal/keyring"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"
)

const (
	encrypted = "binary/encrypted"  // the encoding of a payload with another inside
	keyID     = "encryption-key-id" // metadata that says to people with which key
	about     = "payload of the engine"
)

// Codec encrypts payloads with the first key of a file and decrypts with whichever it was. What was not encrypted it reads as it is, so that the workflows of
// the days before go on. It implements converter.PayloadCodec.
type Codec struct {
	path  string
	seals *keyring.Keys // of the start: a key that is found in the file later is not one that every program can read

	mu   sync.Mutex
	keys *keyring.Keys
	read time.Time // when the file was changed that keys come from
}

// Open reads the file of keys. It makes none: programs that each made their own could not read one another.
func Open(path string) (*Codec, error) {
	c := &Codec{path: path}
	if err := c.readAgain(); err != nil {
		return nil, err
	}
	c.seals = c.keys
	return c, nil
}

// First is the id of the key that encrypts.
func (c *Codec) First() string { return c.seals.First() }

// Probe is encrypted with that key, and says nothing.
func (c *Codec) Probe() []byte { return c.seals.Seal(nil, about) }

// Reads reports whether the file holds the key that a probe was encrypted with.
func (c *Codec) Reads(probe []byte) bool {
	_, err := c.open(probe)
	return err == nil
}

// Converters are those of a client of the engine, and so of its workers. The message and the stack of a failure may hold what a payload held.
func (c *Codec) Converters() (converter.DataConverter, converter.FailureConverter) {
	data := converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), c)
	return data, temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{DataConverter: data, EncodeCommonAttributes: true})
}

// readAgain reads the file if it was changed.
func (c *Codec) readAgain() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.path)
	if err != nil {
		return fmt.Errorf("read the file of keys for the engine: %w", err)
	}
	if c.keys != nil && info.ModTime().Equal(c.read) {
		return nil
	}
	keys, err := keyring.Read(c.path)
	if err != nil {
		return err
	}
	c.keys, c.read = keys, info.ModTime()
	return nil
}

// Encode implements converter.PayloadCodec.
func (c *Codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	sealed := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		plain, err := proto.Marshal(p)
		if err != nil {
			return nil, err
		}
		sealed[i] = &commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte(encrypted), keyID: []byte(c.First())},
			Data:     c.seals.Seal(plain, about),
		}
	}
	return sealed, nil
}

// Decode implements converter.PayloadCodec. The error for a key that is not there is keyring.ErrNoKey, and names it.
func (c *Codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	opened := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		if string(p.GetMetadata()[converter.MetadataEncoding]) != encrypted {
			opened[i] = p
			continue
		}
		plain, err := c.open(p.Data)
		if err != nil {
			return nil, fmt.Errorf("read a payload of the engine with the keys of %s: %w", c.path, err)
		}
		opened[i] = &commonpb.Payload{}
		if err := proto.Unmarshal(plain, opened[i]); err != nil {
			return nil, err
		}
	}
	return opened, nil
}

// open looks into the file again for a key that it does not know: another program may have been started with a new one already.
func (c *Codec) open(sealed []byte) ([]byte, error) {
	plain, err := c.current().Open(sealed, about)
	if !errors.Is(err, keyring.ErrNoKey) {
		return plain, err
	}
	if problem := c.readAgain(); problem != nil {
		return nil, errors.Join(err, problem)
	}
	return c.current().Open(sealed, about)
}

func (c *Codec) current() *keyring.Keys {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.keys
}
