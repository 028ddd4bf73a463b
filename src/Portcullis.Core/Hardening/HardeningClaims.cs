using Portcullis.Core.Kinds;

namespace Portcullis.Core.Hardening;

/// <summary>What a NodeHardening uses: nodes, which are the root source's alone, and keys that only a verified source may set.</summary>
internal static class HardeningClaims
{
    public static IEnumerable<ScopeClaim> Of(NodeHardeningSpec spec) => spec.DaemonJson.Select(p => p.Key)
        .Where(DaemonKeyTrust.NeedsVerifiedSource)
        .Select(key => new ScopeClaim.VerifiedSource($"spec.daemonJSON.{key}", $"{key} may give root on the node"))
        .Prepend<ScopeClaim>(ScopeClaim.RootOnly.Whole(NodeHardening.Definition));
}
