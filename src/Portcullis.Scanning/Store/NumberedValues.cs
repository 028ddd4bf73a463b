using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;

namespace Portcullis.Scanning.Store;

/// <summary>Values that many images share, each once, by its number. They stay in memory, so that the same value of many images is the same object.</summary>
internal sealed class NumberedValues<T>
    where T : class
{
    private const int SumLength = 16;

    private readonly SqliteConnection _connection;
    private readonly string _table;
    private readonly JsonTypeInfo<T> _type;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, T> _values = new();

    /// <param name="connection">Of the file.</param>
    /// <param name="table">The table of the values: with the columns id and value.</param>
    /// <param name="type">How a value is written.</param>
    public NumberedValues(SqliteConnection connection, string table, JsonTypeInfo<T> type)
    {
        (_connection, _table, _type) = (connection, table, type);
        Load();
    }

    public T this[int number] => _values[number];

    /// <summary>What was given a number by a transaction that was not committed has none.</summary>
    public void Load()
    {
        _numbers.Clear();
        using var command = Command($"SELECT id, value FROM {_table}");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var (number, stored) = (reader.GetInt32(0), reader.GetString(1));
            Know(number, stored.Length > SumLength && stored[..SumLength] is var sum && stored[SumLength..] is var text && sum == Sum(text)
                ? text
                : throw new InvalidDataException($"the {_table} {number} is damaged"));
        }
    }

    public HashSet<int> NumbersOf(Func<T, bool> isOne) => [.. _values.Where(v => isOne(v.Value)).Select(v => v.Key)];

    public int NumberOf(T value, SqliteTransaction transaction)
    {
        var text = JsonSerializer.Serialize(value, _type);
        if (_numbers.TryGetValue(text, out var known))
        {
            return known;
        }

        using var command = Command($"INSERT INTO {_table} (value) VALUES ($value) RETURNING id");
        command.Transaction = transaction;
        command.Parameters.AddWithValue("$value", Sum(text) + text);
        var number = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        Know(number, text);
        return number;
    }

    /// <summary>What stands before a value, by which one is known that is not what was written.</summary>
    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, SumLength / 2));

    private void Know(int number, string text)
    {
        _numbers[text] = number;
        _values[number] = JsonSerializer.Deserialize(text, _type)!;
    }

    private SqliteCommand Command(string text)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // the table's name is one of this folder
        command.CommandText = text;
#pragma warning restore CA2100
        return command;
    }
}
