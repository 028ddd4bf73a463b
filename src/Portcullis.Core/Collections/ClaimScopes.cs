using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>What the sources that declare collections and namespaces may claim.</summary>
/// <param name="RootSource">The source that alone may claim protected namespaces.</param>
/// <param name="Refusal">Why a collection's source may not claim something for it; null when it may.</param>
/// <param name="Covers">Whether a source's scope covers a collection's path.</param>
public sealed record ClaimScopes(string? RootSource, Func<Collection, ScopeClaim, string?>? Refusal, Func<string, string, bool>? Covers)
{
    /// <summary>Whatever anybody claims is allowed.</summary>
    public static ClaimScopes Unlimited { get; } = new(null, null, null);
}
