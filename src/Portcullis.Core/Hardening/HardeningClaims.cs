using Portcullis.Core.Kinds;

namespace Portcullis.Core.Hardening;

/// <summary>What a NodeHardening uses: nodes, which are the root source's alone, and keys that only a verified source may set.</summary>
internal static class HardeningClaims
{
    /// <summary>What is no key at all is rejected by <see cref="HardeningRules"/>, and needs no second message.</summary>
    public static IEnumerable<ScopeClaim> Of(NodeHardeningSpec spec) => spec.DaemonJson.Select(p => p.Key)
        .Where(key => DaemonKeys.Find(key) is not null && DaemonKeyTrust.NeedsVerifiedSource(key))
        .Select(key => new ScopeClaim.VerifiedSource($"spec.daemonJSON.{key}", $"{key} may give root on the node"))
        .Prepend<ScopeClaim>(ScopeClaim.RootOnly.Whole(NodeHardening.Definition));
}
