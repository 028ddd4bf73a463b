using Portcullis.Core.Kinds;

namespace Portcullis.Core.Hardening;

/// <summary>What a NodeHardening uses: nodes, which are the root source's alone, and the keys that give root on them.</summary>
internal static class HardeningClaims
{
    /// <summary>daemon.json keys that give root on a node to whoever sets them.</summary>
    private static readonly string[] RootGivingKeys = ["runtimes", "hosts", "authorization-plugins", "data-root"];

    public static IEnumerable<ScopeClaim> Of(NodeHardeningSpec spec) => RootGivingKeys
        .Where(spec.DaemonJson.ContainsKey)
        .Select(key => new ScopeClaim.VerifiedSource($"spec.daemonJSON.{key}", $"{key} gives root on the node"))
        .Prepend<ScopeClaim>(ScopeClaim.RootOnly.Whole(NodeHardening.Definition));
}
