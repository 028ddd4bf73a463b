using Portcullis.Testing;

namespace Portcullis.Tests.Soaks;

/// <summary>Which runs of a soak are made: two in every test run, more (or those that are asked for) with the faults.</summary>
internal static class SoakSeeds
{
    public static IEnumerable<int> Few => [1, 2];

    public static IEnumerable<int> Many => Seeds.OrAsked(3, 12);
}
