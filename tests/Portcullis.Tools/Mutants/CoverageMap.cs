using System.Text.Json;

namespace Portcullis.Tools.Mutants;

/// <summary>Which tests come by which mutant, and how long each test takes.</summary>
internal sealed record CoverageMap(IReadOnlyList<string> Tests, IReadOnlyList<double> Seconds, IReadOnlyDictionary<int, IReadOnlyList<int>> TestsOfMutant, IReadOnlyList<int> OnlyAtStart)
{
    public static CoverageMap Read(string path) => JsonSerializer.Deserialize<CoverageMap>(File.ReadAllBytes(path))!;

    public void Write(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Quick ones first: most mutants are killed by many.</summary>
    public IReadOnlyList<int> OrderedFor(int mutant) => TestsOfMutant.TryGetValue(mutant, out var tests)
        ? [.. tests.OrderBy(t => Seconds[t])]
        : OnlyAtStart.Contains(mutant) ? [.. Enumerable.Range(0, Tests.Count).OrderBy(t => Seconds[t])] : [];
}
