package temporal

import (
	"context"
	"fmt"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	v12 "go.temporal.io/server/schema/postgresql/v12"
	"go.temporal.io/server/schema/sqlite"
	"go.temporal.io/server/tools/common/schema"
	sqltool "go.temporal.io/server/tools/sql"
	"google.golang.org/protobuf/types/known/durationpb"
)

// The engine's two databases. Their names are stored with the schema.
const (
	historyDatabase    = "temporal"
	visibilityDatabase = "temporal_visibility"
)

// prepareStore makes both databases or brings their tables to this server's
// version, and writes the namespace, so that it exists when the server starts.
func prepareStore(ctx context.Context, cfg Config) error {
	for _, each := range []struct{ database, schema, version string }{
		{historyDatabase, "postgresql/v12/temporal", v12.Version},
		{visibilityDatabase, "postgresql/v12/visibility", v12.VisibilityVersion},
	} {
		// Some steps of the schema cannot be repeated, hence the detour of EnsureDatabase.
		err := cfg.Postgres.EnsureDatabase(ctx, each.database, func(unfinished string) error {
			return makeSchema(database(cfg, unfinished, 1), each.schema, each.database)
		})
		if err == nil {
			err = updateSchema(database(cfg, each.database, 1), each.schema, each.version)
		}
		if err != nil {
			return fmt.Errorf("prepare the database %s: %w", each.database, err)
		}
	}
	// The package is called sqlite, the SQL it writes is any database's.
	namespace, err := sqlite.NewNamespaceConfig(clusterName, cfg.Namespace, false, cfg.SearchAttributes)
	if err != nil {
		return fmt.Errorf("describe the Temporal namespace %s: %w", cfg.Namespace, err)
	}
	namespace.Detail.Config.Retention = durationpb.New(cfg.Retention)
	if err := sqlite.CreateNamespaces(database(cfg, historyDatabase, 1), namespace); err != nil {
		return fmt.Errorf("make the Temporal namespace %s: %w", cfg.Namespace, err)
	}
	return nil
}

// makeSchema fills an empty database with the schema that the server module
// carries, noting its version for the name that the database will have.
func makeSchema(empty *config.SQL, name, finalName string) error {
	connection, err := sqltool.NewConnection(empty, log.NewNoopLogger())
	if err != nil {
		return err
	}
	defer connection.Close()
	setup := &schema.SetupConfig{InitialVersion: "0.0"}
	if err := schema.NewSetupSchemaTask(connection, setup, log.NewNoopLogger()).Run(); err != nil {
		return err
	}
	if err := applyUpdates(connection, name); err != nil {
		return err
	}
	return connection.Exec("UPDATE schema_version SET db_name = $1", finalName)
}

// updateSchema applies what an older server's database lacks.
func updateSchema(existing *config.SQL, name, version string) error {
	connection, err := sqltool.NewConnection(existing, log.NewNoopLogger())
	if err != nil {
		return err
	}
	defer connection.Close()
	current, err := connection.ReadSchemaVersion()
	if err != nil || current == version {
		return err
	}
	return applyUpdates(connection, name)
}

func applyUpdates(connection *sqltool.Connection, name string) error {
	return schema.NewUpdateSchemaTask(connection, &schema.UpdateConfig{SchemaName: name}, log.NewNoopLogger()).Run()
}
