using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Revisions;

/// <summary>A parsed file at its path.</summary>
public sealed record RevisionFile(string Path, ParsedFile File);

/// <summary>One object of a revision with its place in the API and in Git.</summary>
public sealed record RevisionObject(RevisionFile File, ParsedManifest Manifest, ApiResource Resource)
{
    public ObjectIdentity Identity { get; } = Manifest.Identity;

    public SourcePosition Position => new(File.Path, Manifest.Line);

    /// <summary>As rules see it.</summary>
    public DeclaredObject ToDeclared() => new(Resource, Manifest.Key, Manifest.ToObject, field => new SourcePosition(File.Path, File.File.LineOf(Manifest, field)));
}

/// <summary>
/// All that a revision declares, put together from its files: kinds found, names unique, namespaces where they belong. Problems of
/// single files are among <see cref="Problems"/>.
/// </summary>
public sealed record RevisionContent(IReadOnlyDictionary<ObjectIdentity, RevisionObject> ByIdentity, IReadOnlyList<RevisionProblem> Problems)
{
    /// <summary>In the order of the files.</summary>
    public IReadOnlyList<RevisionObject> Objects { get; } = [.. ByIdentity.Values];

    /// <summary>Objects that a file holds and that are wrong in themselves.</summary>
    public IReadOnlyList<BrokenManifest> Broken { get; init; } = [];

    /// <summary>These problems and those that rules found, except of lines that are wrong in themselves: a rule cannot say more of those.</summary>
    public IEnumerable<RevisionProblem> With(IEnumerable<RevisionProblem> foundByRules)
    {
        var wrong = Problems.Select(p => p.Position).ToHashSet();
        return Problems.Concat(foundByRules.Where(p => !wrong.Contains(p.Position)));
    }

    /// <summary>The input of the rules across resources. Files that could not be opened at all (<paramref name="unread"/>) may hold anything.</summary>
    public DeclaredRevision ToDeclared(IReadOnlyCollection<RevisionProblem> unread, IReadOnlyList<JsonObject> inForce) =>
        new([.. Objects.Select(o => o.ToDeclared())], inForce) { Broken = unread.Count == 0 ? Broken : [.. Broken, BrokenManifest.Anything] };

    /// <summary>
    /// The first file in the order given is the one that declares an object; <paramref name="resources"/> finds the place of any other kind in the API, or null
    /// when nobody knows it. <paramref name="ignoreUnknownFields"/>: the server is newer than the program and judges fields of kinds of Kubernetes itself.
    /// </summary>
    public static RevisionContent Assemble(
        IEnumerable<RevisionFile> files, KindSet kinds, Func<string, string, ApiResource?> resources, bool ignoreUnknownFields = false)
    {
        var objects = new OrderedDictionary<ObjectIdentity, RevisionObject>();
        var problems = new List<RevisionProblem>();
        var broken = new List<BrokenManifest>();
        foreach (var file in files)
        {
            // All objects are placed, however many problems are reported: others refer to them.
            var found = (ignoreUnknownFields ? file.File.Problems : file.File.Problems.Concat(file.File.UnknownFields)).Select(p => new RevisionProblem(new SourcePosition(file.Path, p.Line), p.Message))
                .Concat(file.File.Manifests.Select(m => Place(file, m, (apiVersion, kind) => kinds.Find(apiVersion, kind)?.Resource ?? resources(apiVersion, kind), objects)).OfType<RevisionProblem>())
                .ToList();
            problems.AddRange(found.Take(ManifestLimits.ProblemsOfAFile));
            broken.AddRange(file.File.Broken);
        }

        return new RevisionContent(objects, problems) { Broken = broken };
    }

    /// <summary>Adds one object; null when it has its place.</summary>
    private static RevisionProblem? Place(
        RevisionFile file, ParsedManifest manifest, Func<string, string, ApiResource?> resources, OrderedDictionary<ObjectIdentity, RevisionObject> objects)
    {
        RevisionProblem At(string field, string message) => new(new SourcePosition(file.Path, file.File.LineOf(manifest, field)), message);

        var resource = resources(manifest.ApiVersion, manifest.Kind);
        if (resource is null)
        {
            var near = BuiltInKinds.Near(manifest.ApiVersion, manifest.Kind) is { } meant ? $"; did you mean {meant}?" : "";
            return At("kind", $"there is no kind {manifest.Kind} in {manifest.ApiVersion}{near}");
        }

        if (resource.Namespaced && manifest.Key.Namespace.Length == 0)
        {
            return At("metadata", $"{manifest.Identity}: metadata.namespace: Required value");
        }

        if (!resource.Namespaced && manifest.Key.Namespace.Length > 0)
        {
            return At("metadata.namespace", $"{manifest.Identity}: metadata.namespace: {manifest.Kind} is cluster-scoped and has no namespace");
        }

        var placed = new RevisionObject(file, manifest, resource);
        return objects.TryAdd(placed.Identity, placed)
            ? null
            : new RevisionProblem(placed.Position, $"{placed.Identity} is declared a second time; first at {objects[placed.Identity].Position}");
    }
}
