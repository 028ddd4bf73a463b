using System.Text.Json.Nodes;

namespace Portcullis.Core.Kinds;

/// <summary>
/// All that a revision declares, and what is in force besides it (declared by other sources; empty when validating offline).
/// </summary>
public sealed record DeclaredRevision(IReadOnlyList<DeclaredObject> Objects, IReadOnlyList<JsonObject> InForce)
{
    /// <summary>The kinds of the program, for rules about manifests that name kinds.</summary>
    public KindSet Kinds { get; init; } = new([]);

    /// <summary>Objects that were already reported as wrong. To report them as missing as well would only hide what has to be fixed.</summary>
    public IReadOnlyList<BrokenManifest> Broken { get; init; } = [];

    /// <summary>Whether one of them may be an object of this kind (and name).</summary>
    public bool MayHold(ApiResource resource, string? name = null) =>
        Broken.Any(b => b.Kind is null || (b.Kind == resource.Kind && (name is null || b.Name is null || b.Name == name)));

    /// <summary>The declared objects of one kind.</summary>
    public IEnumerable<DeclaredObject> Of(ApiResource resource) =>
        Objects.Where(o => o.Resource.Group == resource.Group && o.Resource.Kind == resource.Kind);
}
