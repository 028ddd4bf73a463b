using System.Diagnostics.CodeAnalysis;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>The set with what was given, or why it was refused: then the set before is as it was.</summary>
public readonly record struct TufResult
{
    private TufResult(TrustedSet? set, TufError? error) => (Set, Error) = (set, error);

    public TrustedSet? Set { get; }

    public TufError? Error { get; }

    [MemberNotNullWhen(true, nameof(Set))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsTrusted => Set is not null;

    internal static TufResult Of(TrustedSet set) => new(set, null);

    internal static TufResult Of(TufError error) => new(null, error);
}
