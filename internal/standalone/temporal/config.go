package temporal

import (
	"net"
	"strconv"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/common/primitives"
)

// clusterName is stored with the data at the first start and cannot change.
const clusterName = "active"

// historyShards is stored at the first start too; 4 are enough for one machine.
const historyShards = 4

// serverConfig is what an operator of a Temporal cluster would write as YAML.
func serverConfig(cfg Config, ports ports) *config.Config {
	frontend := net.JoinHostPort(loopback, strconv.Itoa(ports.frontend))
	conf := &config.Config{
		Persistence: config.Persistence{
			DefaultStore:     "history",
			VisibilityStore:  "visibility",
			NumHistoryShards: historyShards,
			DataStores: map[string]config.DataStore{
				"history":    {SQL: database(cfg, historyDatabase, 20)},
				"visibility": {SQL: database(cfg, visibilityDatabase, 10)},
			},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{
				clusterName: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services: map[string]config.Service{
			string(primitives.FrontendService): service(ports.frontend),
			string(primitives.HistoryService):  service(ports.history),
			string(primitives.MatchingService): service(ports.matching),
			string(primitives.WorkerService):   service(ports.worker),
		},
		PublicClient: config.PublicClient{HostPort: frontend},
	}
	conf.Archival.History.State = "disabled"
	conf.Archival.Visibility.State = "disabled"
	conf.NamespaceDefaults.Archival.History.State = "disabled"
	conf.NamespaceDefaults.Archival.Visibility.State = "disabled"
	return conf
}

func service(port int) config.Service {
	return config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: loopback}}
}

// database is a pool of at most conns connections, of which each of the four
// services opens one.
func database(cfg Config, name string, conns int) *config.SQL {
	return &config.SQL{
		PluginName:   postgresql.PluginNamePGX,
		User:         cfg.Postgres.User(),
		DatabaseName: name,
		// The attributes win over the address, which the server wants all the same.
		ConnectAddr:       "localhost:5432",
		ConnectProtocol:   "tcp",
		ConnectAttributes: map[string]string{"host": cfg.Postgres.Socket(), "sslmode": "disable"},
		MaxConns:          conns,
		MaxIdleConns:      conns,
	}
}

// settings differ from the server's defaults, which are meant for a fleet.
func settings() dynamicconfig.StaticClient {
	return dynamicconfig.StaticClient{
		// With four partitions and a handful of pollers a task may wait seconds for
		// a poller that asks the right one.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
		// About 80 KB a case: the default of 128,000 is no bound at all.
		dynamicconfig.HistoryCacheHostLevelMaxSize.Key(): 2048,
		// A workflow that fails twice in a row is one that Banli looks after.
		dynamicconfig.NumConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute.Key(): 2,
		// The Web UI asks for several counts per page.
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 100,
	}
}

// hosts lets the services find each other without gossip.
func (p ports) hosts() map[primitives.ServiceName]static.Hosts {
	at := func(port int) static.Hosts {
		return static.SingleLocalHost(net.JoinHostPort(loopback, strconv.Itoa(port)))
	}
	return map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: at(p.frontend),
		primitives.HistoryService:  at(p.history),
		primitives.MatchingService: at(p.matching),
		primitives.WorkerService:   at(p.worker),
	}
}
