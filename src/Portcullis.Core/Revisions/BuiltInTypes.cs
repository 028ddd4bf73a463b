using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace Portcullis.Core.Revisions;

/// <summary>One field of a type of Kubernetes. <paramref name="Shape"/> is a scalar's word or a type's name, after <c>[]</c> for each list and <c>{}</c> for each map.</summary>
internal sealed record BuiltInField(string Name, string Shape, bool IsRequired);

/// <summary>
/// The kinds of Kubernetes itself and their fields, from <c>BuiltInTypes.txt</c> (docs/adr/0014): a line a type, which is split when the first object
/// asks for it. The line of a kind begins with its plural and scope; its fields are without those that every object has.
/// </summary>
public static class BuiltInTypes
{
    private static readonly Lazy<Dictionary<string, string>> Lines = new(Load);
    private static readonly ConcurrentDictionary<string, FrozenDictionary<string, BuiltInField>> Known = new(StringComparer.Ordinal);

    /// <summary>The minor version of Kubernetes 1 whose fields these are.</summary>
    public static int Minor => int.Parse(Lines.Value["Kubernetes"].AsSpan(" 1.".Length), CultureInfo.InvariantCulture);

    internal static IEnumerable<ApiResource> Kinds => Lines.Value.Where(l => l.Key.Contains('/', StringComparison.Ordinal)).Select(l => Kind(l.Key.Split('/'), l.Value));

    /// <summary>Null for a kind that does not ship.</summary>
    internal static FrozenDictionary<string, BuiltInField>? FieldsOfKind(string apiVersion, string kind) => Find($"{apiVersion}/{kind}");

    /// <summary>The fields of a type by their names.</summary>
    internal static FrozenDictionary<string, BuiltInField> FieldsOf(string type) => Find(type) ?? throw new InvalidOperationException($"BuiltInTypes.txt does not describe {type}");

    private static FrozenDictionary<string, BuiltInField>? Find(string type) =>
        Lines.Value.TryGetValue(type, out var line) ? Known.GetOrAdd(type, static (_, text) => Split(text), line) : null;

    private static ApiResource Kind(string[] name, string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ApiResource(name.Length == 2 ? "" : name[0], name[^2], name[^1], words[0], words is [_, "namespaced", ..]);
    }

    private static FrozenDictionary<string, BuiltInField> Split(string line) => line
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Where(field => field.Contains(':', StringComparison.Ordinal))
        .Select(field => field.Split(':'))
        .Select(parts => new BuiltInField(parts[0].TrimEnd('!'), parts[1], parts[0].EndsWith('!')))
        .ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    private static Dictionary<string, string> Load()
    {
        using var reader = new StreamReader(typeof(BuiltInTypes).Assembly.GetManifestResourceStream("built-in-types")!);
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var end = line.IndexOf(' ', StringComparison.Ordinal);
                lines.Add(end < 0 ? line : line[..end], end < 0 ? "" : line[end..]);
            }
        }

        return lines;
    }
}
