namespace Portcullis.Objects;

/// <summary>
/// Where a kind lives in the API: its entry in discovery, and what every URL is built from.
/// <see cref="Group"/> is empty for the core group.
/// </summary>
public sealed record ApiResource(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    /// <summary>Names that kubectl accepts in place of the plural; at most 8 letters each.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Names that stand for several kinds (<c>kubectl get portcullis</c>).</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    public string Singular { get; init; } = Kind.ToLowerInvariant();

    public string ListKind => Kind + "List";

    /// <summary><c>group/version</c>, or <c>version</c> alone for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>plural.group</c>: a CRD's name, and how errors name the resource.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The path of the whole collection, or of one namespace's part of it.</summary>
    public string CollectionPath(string? @namespace = null)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return string.IsNullOrEmpty(@namespace)
            ? $"{root}/{Plural}"
            : $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}";
    }

    public string ObjectPath(ObjectKey key) => $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";

    public override string ToString() => $"{ApiVersion} {Kind}";
}
