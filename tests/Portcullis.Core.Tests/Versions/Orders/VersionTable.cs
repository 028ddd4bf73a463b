using Portcullis.Core.Versions;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Versions.Orders;

/// <summary>Comparisons of versions, one a line: <c>1.0 &lt; 1.1</c>. Empty lines and those that begin with # or // do not count.</summary>
internal static class VersionTable
{
    /// <summary>What the order says otherwise than the table, with the line.</summary>
    public static IReadOnlyList<string> Differences(IVersionOrder order, IEnumerable<string> lines) =>
        [.. lines.Select(l => l.Trim()).Where(l => l.Length > 0 && !l.StartsWith("# ", StringComparison.Ordinal) && !l.StartsWith("//", StringComparison.Ordinal))
            .Select(l => Difference(order, l)).OfType<string>()];

    /// <summary>A file of the data that the project's machines share; a test that needs it is left out where it is absent.</summary>
    public static IEnumerable<string> Shared(string name)
    {
        for (var at = new DirectoryInfo(RepositoryFolder.Path); at is not null; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, "shared", "data", "versions", name);
            if (File.Exists(file))
            {
                return File.ReadLines(file);
            }
        }

        Assert.Ignore($"not run: ../shared/data/versions/{name} is absent");
        return [];
    }

    public static string Compare(IVersionOrder order, string left, string right) =>
        !order.TryKey(left, out var leftKey) ? $"{left} is no version" :
        !order.TryKey(right, out var rightKey) ? $"{right} is no version" :
        leftKey.CompareTo(rightKey) switch { < 0 => "<", 0 => "=", _ => ">" };

    private static string? Difference(IVersionOrder order, string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var said = Compare(order, words[0], words[2]);
        return said == words[1] ? null : $"{line}: {said}";
    }
}
