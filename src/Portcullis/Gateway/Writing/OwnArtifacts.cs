using Portcullis.Clients.Registry;
using Portcullis.Core;

namespace Portcullis.Gateway.Writing;

/// <summary>
/// Artifacts of this program's own: decisions, reports. Nobody else writes them, nor says of something else that it is one: what a promotion was decided
/// by is read from them.
/// </summary>
internal static class OwnArtifacts
{
    /// <summary>What all their media types begin with.</summary>
    public const string Types = WellKnown.ArtifactTypes;

    /// <summary>Whether a manifest is one.</summary>
    public static bool IsOne(ManifestView view) => IsOwn(view.ArtifactType) || IsOwn(view.Config?.MediaType);

    /// <summary>Whether a manifest is one, or has a part that would be taken for the content of one.</summary>
    public static bool HasAny(ManifestView view) => IsOne(view) || view.Blobs.Any(b => IsOwn(b.MediaType) || IsOwn(b.ArtifactType));

    /// <summary>Whether a list of referrers names exactly those of our artifacts that the present one names, as it names them.</summary>
    public static bool AreTheSame(ManifestView next, ManifestView? present)
    {
        var before = present is null ? [] : Entries(present);
        return Entries(next).SetEquals(before);
    }

    private static HashSet<string> Entries(ManifestView list) => list.Manifests.Where(m => IsOwn(m.ArtifactType) || IsOwn(m.MediaType)).Select(Entry).ToHashSet(StringComparer.Ordinal);

    private static string Entry(ImageDescriptor descriptor) => string.Join(
        '\n',
        descriptor.Annotations.OrderBy(a => a.Key, StringComparer.Ordinal).SelectMany(a => new[] { a.Key, a.Value }).Prepend(descriptor.ArtifactType ?? "").Prepend(descriptor.MediaType).Prepend(descriptor.Digest));

    private static bool IsOwn(string? type) => type?.StartsWith(Types, StringComparison.OrdinalIgnoreCase) == true;
}
