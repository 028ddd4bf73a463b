using System.Globalization;

namespace Portcullis.Testing;

/// <summary>Which runs of a test by chance are made: <c>PORTCULLIS_TEST_SEEDS=7</c> or <c>1-300</c> asks for others than the usual ones.</summary>
public static class Seeds
{
    public static IEnumerable<int> OrAsked(int first, int last)
    {
        var asked = Environment.GetEnvironmentVariable("PORTCULLIS_TEST_SEEDS")?.Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList();
        return asked is null ? Enumerable.Range(first, last - first + 1) : Enumerable.Range(asked[0], asked[^1] - asked[0] + 1);
    }
}
