using System.Collections.Frozen;

namespace Portcullis.Schemas.Cel;

/// <summary>
/// Every function of the language by name: the standard ones and the libraries that a 1.36 server enables for CRDs (apiserver cel/environment/base.go):
/// strings (version 2), lists, sets, regex, URLs, quantities, IPs, CIDRs, semver, formats, optionals. Not here: authorizer.
/// </summary>
internal static class CelLibrary
{
    private static readonly FrozenDictionary<string, CelOverload[]> ByName = new[]
        {
            CelOperators.All(), CelConversions.All(), CelTimeFunctions.All(), CelStringFunctions.All(), CelListFunctions.All(), CelOptionalFunctions.All(),
            CelNetworkFunctions.All(), CelQuantityFunctions.All(), CelSemverFunctions.All(), CelFormatFunctions.All(),
        }
        .SelectMany(o => o)
        .GroupBy(o => o.Function, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    public static IReadOnlyList<CelOverload>? Find(string function) => ByName.TryGetValue(function, out var overloads) ? overloads : null;
}
