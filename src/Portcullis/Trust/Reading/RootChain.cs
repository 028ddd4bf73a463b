using System.Text.Json;
using Portcullis.Clients.Notary;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Reading;

/// <summary>Finds the root to begin with, and those that follow it (TUF specification, section 5.3).</summary>
internal sealed class RootChain(TrustFiles files)
{
    /// <summary>
    /// The newest root, when pinned keys have signed it. When they have not, it may be that of a later key: the last one that they have signed is looked
    /// for, and those after it are followed.
    /// </summary>
    /// <exception cref="TrustRefusedException">There is none that leads from a pinned key to the newest.</exception>
    public async Task<TrustedSet> FirstAsync(TrustedSet empty, byte[] newest)
    {
        var result = empty.WithRoot(newest);
        if (result.Error is not { Kind: TufErrorKind.NotPinned } notPinned)
        {
            return result.Set ?? throw new TrustRefusedException(result.Error!);
        }

        var later = new Stack<byte[]>([newest]);
        for (var version = VersionOf(newest) - 1; version > 0 && later.Count < RoleLimits.Rotations; version--)
        {
            if (await OfVersionAsync(version.Value) is not { } earlier)
            {
                break;
            }

            if (empty.WithRoot(earlier) is { Set: { } begun })
            {
                return later.Aggregate(begun, With);
            }

            later.Push(earlier);
        }

        throw new TrustRefusedException(notPinned);
    }

    /// <summary>Each root that follows, to the newest.</summary>
    /// <exception cref="TrustRefusedException">One is not signed as it must be, or is the one before it once more: then there would be no end.</exception>
    public async Task<TrustedSet> FollowAsync(TrustedSet set)
    {
        while (await OfVersionAsync(set.NextRoot().Version!.Value) is { } next)
        {
            var followed = With(set, next);
            set = !ReferenceEquals(followed, set) ? followed
                : throw new TrustRefusedException(new TufError(TufErrorKind.NotNext, RoleNames.Root, FormattableString.Invariant($"the server gives version {set.Root!.Content.Version} as version {set.NextRoot().Version}, too")));
        }

        return set;
    }

    /// <summary>What somebody may do whose server has an older root than was seen before: it may have been made anew on purpose. Empty for any other refusal.</summary>
    public async Task<string> HintAsync(TrustedSet known)
    {
        var seen = known.Root!;
        return await files.NewestAsync(RoleNames.Root) is { } newest && VersionOf(newest) is { } version && version <= seen.Content.Version && !seen.File.Span.SequenceEqual(newest)
            ? $"the server's newest root has version {version}, and another one of version {seen.Content.Version} was seen before: when its trust data were made anew on purpose, pin another root key"
            : "";
    }

    private Task<byte[]?> OfVersionAsync(long version) => files.FindAsync(MetadataName.OfVersion(RoleNames.Root, version), RoleLimits.RootLength);

    private static TrustedSet With(TrustedSet set, byte[] root)
    {
        var result = set.WithRoot(root);
        return result.Set ?? throw new TrustRefusedException(result.Error!);
    }

    /// <summary>What a root says of itself before anything is verified: it only decides which version is asked for.</summary>
    private static long? VersionOf(byte[] root)
    {
        try
        {
            using var document = JsonDocument.Parse(root);
            return document.RootElement.GetProperty("signed").GetProperty("version").TryGetInt64(out var version) ? version : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
