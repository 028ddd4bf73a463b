using Portcullis.Core.Kinds;

namespace Portcullis.Core.Revisions;

/// <summary>
/// Kinds of Kubernetes itself, for reading manifests without a server. With a server its own discovery is asked instead.
/// </summary>
public static class BuiltInKinds
{
    public static IReadOnlyCollection<ApiResource> All { get; } = [.. BuiltInTypes.Kinds];

    private static readonly Dictionary<(string ApiVersion, string Kind), ApiResource> Known = All.ToDictionary(r => (r.ApiVersion, r.Kind));

    public static ApiResource? Find(string apiVersion, string kind) => Known.GetValueOrDefault((apiVersion, kind));

    /// <summary>
    /// What a kind that nobody knows was most likely meant to be: the same kind in another version of its group (or in the group that it was moved to from
    /// <c>extensions</c> or the core), or a kind of that version with nearly the same name; null when nothing is near.
    /// </summary>
    public static string? Near(string apiVersion, string kind)
    {
        var group = ObjectIdentity.GroupOf(apiVersion);
        var same = All.Where(r => r.Kind == kind && (r.Group == group || group is "" or "extensions")).OrderBy(r => r.Version.Length).ThenByDescending(r => r.Version, StringComparer.Ordinal);
        return same.FirstOrDefault() is { } elsewhere
            ? $"apiVersion: {elsewhere.ApiVersion}"
            : Spelling.Nearest(kind, [.. All.Where(r => r.ApiVersion == apiVersion).Select(r => r.Kind)]) is { } near ? $"kind: {near}" : null;
    }
}
