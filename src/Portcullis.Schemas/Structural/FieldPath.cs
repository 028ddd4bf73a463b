using System.Globalization;

namespace Portcullis.Schemas.Structural;

/// <summary>
/// Paths of fields in messages. They are put together for every field on the way, so they stop growing at a length that no reader gets to:
/// else a key of a megabyte above a hundred thousand short ones would cost the product of both.
/// </summary>
public static class FieldPath
{
    private const int LengthLimit = 4096;

    public static string Member(string path, string name) => path.Length == 0 ? name : IsFull(path) ? path : $"{path}.{name}";

    public static string Key(string path, string key) => IsFull(path) ? path : $"{path}[{key}]";

    public static string Index(string path, int index) => IsFull(path) ? path : string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    private static bool IsFull(string path) => path.Length > LengthLimit;
}
