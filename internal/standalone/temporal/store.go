package temporal

import (
	"fmt"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	v12 "go.temporal.io/server/schema/postgresql/v12"
	"go.temporal.io/server/schema/sqlite"
	"go.temporal.io/server/tools/common/schema"
	sqltool "go.temporal.io/server/tools/sql"
	"google.golang.org/protobuf/types/known/durationpb"
)

// prepareStore brings the tables of both databases to this server's version and
// writes the namespace, so that it exists when the server starts.
func prepareStore(conf *config.Config, cfg Config) error {
	history := conf.Persistence.DataStores["history"].SQL
	visibility := conf.Persistence.DataStores["visibility"].SQL
	if err := updateSchema(history, "postgresql/v12/temporal", v12.Version); err != nil {
		return err
	}
	if err := updateSchema(visibility, "postgresql/v12/visibility", v12.VisibilityVersion); err != nil {
		return err
	}
	// The package is called sqlite, the SQL it writes is any database's.
	namespace, err := sqlite.NewNamespaceConfig(clusterName, cfg.Namespace, false, nil)
	if err != nil {
		return fmt.Errorf("describe the Temporal namespace %s: %w", cfg.Namespace, err)
	}
	namespace.Detail.Config.Retention = durationpb.New(cfg.Retention)
	if err := sqlite.CreateNamespaces(history, namespace); err != nil {
		return fmt.Errorf("make the Temporal namespace %s: %w", cfg.Namespace, err)
	}
	return nil
}

// updateSchema applies what the database lacks of the schema that the server
// module carries. An interrupted run is taken up where it stopped.
func updateSchema(database *config.SQL, name, version string) error {
	quiet := log.NewNoopLogger()
	connection, err := sqltool.NewConnection(database, quiet)
	if err != nil {
		return fmt.Errorf("connect to the database %s: %w", database.DatabaseName, err)
	}
	defer connection.Close()
	current, err := connection.ReadSchemaVersion()
	if err == nil && current == version {
		return nil
	}
	if err != nil { // a database without tables
		setup := &schema.SetupConfig{InitialVersion: "0.0"}
		if err := schema.NewSetupSchemaTask(connection, setup, quiet).Run(); err != nil {
			return fmt.Errorf("make the tables of the database %s: %w", database.DatabaseName, err)
		}
	}
	if err := schema.NewUpdateSchemaTask(connection, &schema.UpdateConfig{SchemaName: name}, quiet).Run(); err != nil {
		return fmt.Errorf("bring the tables of the database %s to version %s: %w", database.DatabaseName, version, err)
	}
	return nil
}
