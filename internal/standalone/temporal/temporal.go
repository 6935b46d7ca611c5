// Package temporal runs the Temporal server and its Web UI inside this process,
// on two databases of internal/standalone/postgres's cluster.
//
// It links the whole server: only internal/standalone and testkit/engine may
// import it. Workers and clients speak to it over gRPC like to any other Temporal.
package temporal

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	temporalserver "go.temporal.io/server/temporal"

	"github.com/banli/banli/internal/standalone/postgres"
)

// loopback is the only address anything here listens on: the server asks nobody
// who he is.
const loopback = "127.0.0.1"

// Config says where the engine keeps its data and where it listens.
type Config struct {
	// Postgres is the running cluster; the engine makes two databases in it.
	Postgres *postgres.Server
	// Port is where the frontend listens, on 127.0.0.1. 0: any free port.
	Port int
	// UIPath is the address, without a slash at its end, under which UI will be served.
	UIPath string
	// Codec is the address at which UI has payloads decoded. Empty: they are not encrypted.
	Codec string
	// Namespace is made before the first start, with Retention for closed
	// workflows. The retention of an existing one is left alone.
	Namespace string
	Retention time.Duration
	// SearchAttributes are by what workflows are found. The namespace gets them.
	SearchAttributes map[string]enumspb.IndexedValueType
	// Log hears warnings and errors. nil: slog.Default().
	Log *slog.Logger
}

// Server is the running engine.
type Server struct {
	address string
	log     *logger
	server  temporalserver.Server
	ui      http.Handler
}

// Start returns when the frontend takes calls. A port that is taken is a
// *PortTakenError; every error is one plain line.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	s := &Server{log: newLogger(cfg.Log)}
	if err := prepareStore(ctx, cfg); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("starting Temporal was interrupted: %w", ctx.Err())
	}
	ports, err := choosePorts(cfg)
	if err != nil {
		return nil, err
	}
	if err := s.launch(serverConfig(cfg, ports), ports); err != nil {
		return nil, err
	}
	s.address = net.JoinHostPort(loopback, strconv.Itoa(ports.frontend))
	if err := s.addSearchAttributes(ctx, cfg); err != nil {
		s.Stop()
		return nil, err
	}
	if s.ui, err = webUI(s.address, cfg); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// launch starts the four services. The server reports some failures through its
// logger's Fatal alone, which here is a panic that becomes the error.
func (s *Server) launch(conf *config.Config, ports ports) (err error) {
	defer func() {
		switch failure := recover().(type) {
		case nil:
		case fatal:
			err = fmt.Errorf("starting Temporal failed: %w", failure)
		default:
			panic(failure)
		}
	}()
	s.server, err = temporalserver.NewServer(
		temporalserver.WithConfig(conf),
		temporalserver.ForServices(temporalserver.DefaultServices),
		temporalserver.WithStaticHosts(ports.hosts()),
		temporalserver.WithDynamicConfigClient(settings()),
		temporalserver.WithLogger(s.log),
		temporalserver.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporalserver.WithClaimMapper(func(*config.Config) authorization.ClaimMapper {
			return authorization.NewNoopClaimMapper()
		}),
	)
	if err != nil {
		return fmt.Errorf("starting Temporal failed: %w", err)
	}
	if err := s.server.Start(); err != nil {
		s.Stop()
		return fmt.Errorf("starting Temporal failed: %w", err)
	}
	return nil
}

// known is how long the services take to hear that a namespace has changed: they read it again every 2 s.
const known = 3 * time.Second

// addSearchAttributes gives those that it lacks to the namespace of an older start; a new one has them from the beginning.
func (s *Server) addSearchAttributes(ctx context.Context, cfg Config) error {
	to, err := client.DialContext(ctx, client.Options{HostPort: s.address, Namespace: cfg.Namespace, Logger: sdklog.NewStructuredLogger(cfg.Log)})
	if err != nil {
		return fmt.Errorf("reach the Temporal frontend: %w", err)
	}
	defer to.Close()
	has, err := to.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: cfg.Namespace})
	if err != nil {
		return fmt.Errorf("read the search attributes of the Temporal namespace %s: %w", cfg.Namespace, err)
	}
	lacks := maps.Clone(cfg.SearchAttributes)
	maps.DeleteFunc(lacks, func(name string, _ enumspb.IndexedValueType) bool {
		_, there := has.CustomAttributes[name]
		return there
	})
	if len(lacks) == 0 {
		return nil
	}
	_, err = to.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{Namespace: cfg.Namespace, SearchAttributes: lacks})
	if err != nil {
		return fmt.Errorf("add search attributes to the Temporal namespace %s: %w", cfg.Namespace, err)
	}
	select {
	case <-ctx.Done():
	case <-time.After(known):
	}
	return nil
}

// Address is the host:port of the frontend.
func (s *Server) Address() string { return s.address }

// UI is the Web UI, for requests under Config.UIPath. It shows everything to everybody and changes nothing: whoever serves it says who may look.
func (s *Server) UI() http.Handler { return s.ui }

// Stop ends the server. Workers should have stopped before.
func (s *Server) Stop() {
	s.log.mute() // the services complain about each other while they go
	_ = s.server.Stop()
}
