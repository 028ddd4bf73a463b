using Microsoft.Data.Sqlite;

namespace Portcullis.ApiServer.Storage;

/// <summary>One row: an object as stored. Its version is a column too.</summary>
internal sealed record SqliteRow(string Group, string Plural, string Namespace, string Name, long Version, byte[] Value);

/// <summary>
/// The durable half of the store: one table in one file. WAL with full synchronisation, so that a transaction that returned survives
/// kill -9 and loss of power. Used by one thread at a time.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _version;

    public SqliteFile(string path)
    {
        // It holds Secrets. SQLite gives its companions the mode of the file itself; those of an older run have the mode of that time.
        PrivateFile.Create(path);
        foreach (var companion in new[] { path + "-wal", path + "-shm" }.Where(File.Exists))
        {
            PrivateFile.Create(companion);
        }

        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;");
        Execute("""
            CREATE TABLE IF NOT EXISTS objects (
              grp TEXT NOT NULL, plural TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
              version INTEGER NOT NULL, value BLOB NOT NULL,
              PRIMARY KEY (grp, plural, namespace, name)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
            INSERT OR IGNORE INTO counter VALUES (1, 0);
            """);
        _put = Prepare(
            "INSERT OR REPLACE INTO objects VALUES ($group, $plural, $namespace, $name, $version, $value)",
            "$group", "$plural", "$namespace", "$name", "$version", "$value");
        _delete = Prepare(
            "DELETE FROM objects WHERE grp = $group AND plural = $plural AND namespace = $namespace AND name = $name",
            "$group", "$plural", "$namespace", "$name");
        _version = Prepare("UPDATE counter SET version = $version", "$version");
    }

    /// <summary>The counter's value at the last commit.</summary>
    public long ReadVersion()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT version FROM counter";
        return (long)command.ExecuteScalar()!;
    }

    public IEnumerable<SqliteRow> ReadAll()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT grp, plural, namespace, name, version, value FROM objects";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new SqliteRow(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4), (byte[])reader[5]);
        }
    }

    /// <summary>All of the rows or none; on disk when it returns. A row without a value is a deletion.</summary>
    public void Commit(IReadOnlyList<(SqliteRow Row, bool Delete)> rows, long version)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var (row, delete) in rows)
        {
            var command = delete ? _delete : _put;
            command.Transaction = transaction;
            command.Parameters[0].Value = row.Group;
            command.Parameters[1].Value = row.Plural;
            command.Parameters[2].Value = row.Namespace;
            command.Parameters[3].Value = row.Name;
            if (!delete)
            {
                command.Parameters[4].Value = row.Version;
                command.Parameters[5].Value = row.Value;
            }

            command.ExecuteNonQuery();
        }

        _version.Transaction = transaction;
        _version.Parameters[0].Value = version;
        _version.ExecuteNonQuery();
        transaction.Commit();
    }

    public void Dispose()
    {
        _put.Dispose();
        _delete.Dispose();
        _version.Dispose();
        _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // both texts are the constants above
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // constants above
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }
}
