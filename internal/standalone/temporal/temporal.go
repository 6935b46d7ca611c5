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
	"net"
	"strconv"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
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
	// UIPort is where the Web UI listens, on 127.0.0.1. 0: no Web UI.
	UIPort int
	// Namespace is made before the first start, with Retention for closed
	// workflows. The retention of an existing one is left alone.
	Namespace string
	Retention time.Duration
	// Log hears warnings and errors. nil: slog.Default().
	Log *slog.Logger
}

// Server is the running engine.
type Server struct {
	address string
	uiURL   string
	log     *logger
	server  temporalserver.Server
	ui      *uiserver.Server
}

// Start returns when the frontend takes calls. A port that is taken is a
// *PortTakenError; every error is one plain line.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	s := &Server{log: newLogger(cfg.Log)}
	ports, err := choosePorts(cfg)
	if err != nil {
		return nil, err
	}
	if err := prepareStore(ctx, cfg); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("starting Temporal was interrupted: %w", ctx.Err())
	}
	if err := s.launch(serverConfig(cfg, ports), ports); err != nil {
		return nil, err
	}
	s.address = net.JoinHostPort(loopback, strconv.Itoa(ports.frontend))
	if cfg.UIPort != 0 {
		s.launchUI(cfg)
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

func (s *Server) launchUI(cfg Config) {
	s.ui = uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		Host:                loopback,
		Port:                cfg.UIPort,
		TemporalGRPCAddress: s.address,
		DefaultNamespace:    cfg.Namespace,
		EnableUI:            true,
		CORS:                uiconfig.CORS{CookieInsecure: true}, // plain HTTP on loopback
		DisableNewsFetch:    true,                                // nothing here calls out
		HideLogs:            true,
		DisableWriteActions: true, // what becomes of a case is decided on its page
	}))
	go func() { _ = s.ui.Start() }()
	s.uiURL = "http://" + net.JoinHostPort(loopback, strconv.Itoa(cfg.UIPort))
}

// Address is the host:port of the frontend.
func (s *Server) Address() string { return s.address }

// UIURL is the address of the Web UI; empty without one.
func (s *Server) UIURL() string { return s.uiURL }

// Stop ends the Web UI and the server. Workers should have stopped before.
func (s *Server) Stop() {
	s.log.mute() // the services complain about each other while they go
	if s.ui != nil {
		s.ui.Stop()
	}
	_ = s.server.Stop()
}
