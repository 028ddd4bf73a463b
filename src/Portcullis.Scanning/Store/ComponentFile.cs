using Microsoft.Data.Sqlite;
using Portcullis.Core.Components;

namespace Portcullis.Scanning.Store;

/// <summary>The SQLite file of the store. Used by one thread at a time. An image has the numbers of its components, each of which is stored once.</summary>
internal sealed class ComponentFile : IDisposable
{
    /// <summary>Raised when the tables change.</summary>
    private const string Format = "3." + ScannerVersion.Current;

    private readonly SqliteConnection _connection;
    private readonly NumberedValues<Component> _components;
    private readonly NumberedValues<Distribution> _distributions;

    private ComponentFile(SqliteConnection connection)
    {
        _connection = connection;
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
        Execute("""
            CREATE TABLE IF NOT EXISTS meta (format TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS layer (digest TEXT PRIMARY KEY, inventory BLOB NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS component (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
            CREATE TABLE IF NOT EXISTS distribution (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
            CREATE TABLE IF NOT EXISTS content (sha256 TEXT NOT NULL, component INTEGER NOT NULL, distribution INTEGER NOT NULL, PRIMARY KEY (sha256, component)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS image (digest TEXT PRIMARY KEY, layers TEXT NOT NULL, distribution INTEGER NOT NULL, problems TEXT NOT NULL, components BLOB NOT NULL, sum INTEGER NOT NULL);
            """);
        _components = new NumberedValues<Component>(connection, "component", InventoriesJsonContext.Default.Component);
        _distributions = new NumberedValues<Distribution>(connection, "distribution", InventoriesJsonContext.Default.Distribution);
        Rows = new ImageRows(_components, _distributions);
    }

    public ImageRows Rows { get; }

    public static ComponentFile OpenOrReplace(string path)
    {
        try
        {
            if (OpenPresent(path) is { } present)
            {
                return present;
            }
        }
        catch (Exception e) when (StoreDamage.Is(e))
        {
            // A cache: begun anew below.
        }

        return Replace(path);
    }

    public static ComponentFile Replace(string path)
    {
        foreach (var file in new[] { path, path + "-wal", path + "-shm" })
        {
            File.Delete(file);
        }

        var made = Open(path);
        made.Execute($"INSERT INTO meta VALUES ('{Format}')");
        return made;
    }

    public byte[]? Layer(string digest)
    {
        using var command = Command("SELECT inventory FROM layer WHERE digest = $digest", ("$digest", digest));
        return command.ExecuteScalar() as byte[];
    }

    public bool HasLayer(string digest)
    {
        using var command = Command("SELECT 1 FROM layer WHERE digest = $digest", ("$digest", digest));
        return command.ExecuteScalar() is not null;
    }

    public bool AddLayer(string digest, byte[] inventory)
    {
        using var command = Command("INSERT OR REPLACE INTO layer VALUES ($digest, $inventory)", ("$digest", digest), ("$inventory", inventory));
        return command.ExecuteNonQuery() > 0;
    }

    public ImageRow? Image(string digest) => ReadImages("SELECT digest, layers, distribution, problems, components, sum FROM image WHERE digest = $digest", ("$digest", digest)).FirstOrDefault();

    public IReadOnlyList<ImageRow> Images() => ReadImages("SELECT digest, layers, distribution, problems, components, sum FROM image");

    public IReadOnlySet<string> ImagesWith(Func<Component, bool> isOne)
    {
        var numbers = _components.NumbersOf(isOne);
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (numbers.Count == 0)
        {
            return found;
        }

        using var command = Command("SELECT digest, components FROM image");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (LocatedComponents.HasAny((byte[])reader[1], numbers))
            {
                found.Add(reader.GetString(0));
            }
        }

        return found;
    }

    public void AddImages(IEnumerable<KeyValuePair<string, ImageInventory>> images) => Write(transaction =>
    {
        foreach (var (digest, image) in images)
        {
            var row = Rows.Write(digest, image, transaction);
            using var command = Command(
                "INSERT OR REPLACE INTO image VALUES ($digest, $layers, $distribution, $problems, $components, $sum)",
                ("$digest", digest), ("$layers", row.Layers), ("$distribution", row.Distribution), ("$problems", row.Problems), ("$components", row.Components), ("$sum", row.Sum()));
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }
    });

    /// <summary>The packages that have a file of this content.</summary>
    public IReadOnlyList<KnownContent> Contents(string sha256)
    {
        using var command = Command("SELECT component, distribution FROM content WHERE sha256 = $sha256", ("$sha256", sha256));
        using var reader = command.ExecuteReader();
        var all = new List<KnownContent>();
        while (reader.Read())
        {
            all.Add(new KnownContent(sha256, _components[reader.GetInt32(0)], reader.GetInt32(1) is not 0 and var of ? _distributions[of] : null));
        }

        return all;
    }

    public void AddContents(IReadOnlyList<KnownContent> contents) => Write(transaction =>
    {
        foreach (var content in contents)
        {
            var distribution = content.Distribution is { } of ? _distributions.NumberOf(of, transaction) : 0;
            using var command = Command(
                "INSERT OR IGNORE INTO content VALUES ($sha256, $component, $distribution)",
                ("$sha256", content.Sha256), ("$component", _components.NumberOf(content.Component, transaction)), ("$distribution", distribution));
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }
    });

    public void Keep(IReadOnlySet<string> digests)
    {
        var layers = new HashSet<string>(StringComparer.Ordinal);
        var gone = new List<string>();
        foreach (var image in Images())
        {
            if (digests.Contains(image.Digest))
            {
                layers.UnionWith(image.Layers.Split(' '));
            }
            else
            {
                gone.Add(image.Digest);
            }
        }

        Write(transaction =>
        {
            Delete("image", gone, transaction);
            Delete("layer", [.. Digests("layer").Where(d => !layers.Contains(d))], transaction);
        });
    }

    public void Dispose() => _connection.Dispose();

    private static ComponentFile Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return new ComponentFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Null when another version of the scanner wrote it.</summary>
    private static ComponentFile? OpenPresent(string path)
    {
        var file = Open(path);
        var isPresent = false;
        try
        {
            isPresent = file.IsOfThisFormat();
            return isPresent ? file : null;
        }
        finally
        {
            if (!isPresent)
            {
                file.Dispose();
            }
        }
    }

    private bool IsOfThisFormat()
    {
        using var command = Command("SELECT format FROM meta");
        return command.ExecuteScalar() as string == Format;
    }

    private List<ImageRow> ReadImages(string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(text, values);
        using var reader = command.ExecuteReader();
        var all = new List<ImageRow>();
        while (reader.Read())
        {
            var row = new ImageRow(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), (byte[])reader[4]);
            all.Add(row.Sum() == reader.GetInt64(5) ? row : throw new InvalidDataException($"the row of the image {row.Digest} is damaged"));
        }

        return all;
    }

    private List<string> Digests(string table)
    {
        using var command = Command($"SELECT digest FROM {table}");
        using var reader = command.ExecuteReader();
        var all = new List<string>();
        while (reader.Read())
        {
            all.Add(reader.GetString(0));
        }

        return all;
    }

    private void Delete(string table, List<string> digests, SqliteTransaction transaction)
    {
        foreach (var digest in digests)
        {
            using var command = Command($"DELETE FROM {table} WHERE digest = $digest", ("$digest", digest));
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>All of it or nothing; what got a number meanwhile has none when it was nothing.</summary>
    private void Write(Action<SqliteTransaction> write)
    {
        using var transaction = _connection.BeginTransaction();
        try
        {
            write(transaction);
            transaction.Commit();
        }
        catch
        {
            transaction.Rollback();
            _components.Load();
            _distributions.Load();
            throw;
        }
    }

    private void Execute(string text)
    {
        using var command = Command(text);
        command.ExecuteNonQuery();
    }

    /// <param name="text">One of the texts of this file, with nothing in it that comes from outside.</param>
    /// <param name="values">The values of its parameters.</param>
    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // the texts are those of this file; what comes from outside is a parameter
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
