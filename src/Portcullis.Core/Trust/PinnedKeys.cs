using System.Runtime.CompilerServices;

namespace Portcullis.Core.Trust;

/// <summary>
/// The root keys that a declaration pins, by their canonical ids. A declaration that names only a Secret pins the key in it, which the operator has read and
/// reported: the status of a declared object is the operator's alone.
/// </summary>
public static class PinnedKeys
{
    /// <summary>Reading a certificate takes longer than looking it up; objects of a store never change.</summary>
    private static readonly ConditionalWeakTable<TrustDelegation, IReadOnlyList<string>> Known = [];

    /// <summary>In ordinal order, each once; empty when none can be read.</summary>
    public static IReadOnlyList<string> Of(TrustDelegation declaration) => Known.GetValue(declaration, d => d.Spec.Root.PublicKeys is { } texts
        ? [.. texts.Select(t => TrustKeyText.Read(t, null).Key?.CanonicalId).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
        : [.. (d.Status?.RootKeys ?? []).Order(StringComparer.Ordinal)]);
}
