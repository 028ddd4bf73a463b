using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Portcullis.Scanning.Store;

/// <summary>Tells a file that is damaged, or has other tables than it should, from one that cannot be reached at the moment: only the former is replaced.</summary>
internal static class StoreDamage
{
    // https://www.sqlite.org/rescode.html
    private const int Error = 1;
    private const int Corrupt = 11;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int NotADatabase = 26;

    /// <summary>Whether an exception says that what is stored is not what was stored.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        SqliteException e => e.SqliteErrorCode is Error or Corrupt or Constraint or Mismatch or NotADatabase,
        _ => exception is JsonException or InvalidDataException or InvalidOperationException or InvalidCastException or KeyNotFoundException or FormatException or OverflowException,
    };
}
