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

    /// <summary>
    /// The first file in the order given is the one that declares an object; <paramref name="resources"/> finds a kind's place in the API, or null
    /// when nobody knows it.
    /// </summary>
    public static RevisionContent Assemble(IEnumerable<RevisionFile> files, Func<string, string, ApiResource?> resources)
    {
        var objects = new OrderedDictionary<ObjectIdentity, RevisionObject>();
        var problems = new List<RevisionProblem>();
        foreach (var file in files)
        {
            foreach (var problem in file.File.Problems)
            {
                problems.Add(new RevisionProblem(new SourcePosition(file.Path, problem.Line), problem.Message));
            }

            foreach (var manifest in file.File.Manifests)
            {
                if (Place(file, manifest, resources, problems) is not { } placed)
                {
                    continue;
                }

                if (!objects.TryAdd(placed.Identity, placed))
                {
                    problems.Add(new RevisionProblem(
                        placed.Position, $"{placed.Identity} is declared a second time; first at {objects[placed.Identity].Position}"));
                }
            }
        }

        return new RevisionContent(objects, problems);
    }

    private static RevisionObject? Place(
        RevisionFile file, ParsedManifest manifest, Func<string, string, ApiResource?> resources, List<RevisionProblem> problems)
    {
        RevisionProblem At(string field, string message) => new(new SourcePosition(file.Path, file.File.LineOf(manifest, field)), message);

        var resource = KindCatalog.Find(manifest.ApiVersion, manifest.Kind)?.Resource ?? resources(manifest.ApiVersion, manifest.Kind);
        if (resource is null)
        {
            problems.Add(At("kind", $"there is no kind {manifest.Kind} in {manifest.ApiVersion}"));
            return null;
        }

        if (resource.Namespaced && manifest.Key.Namespace.Length == 0)
        {
            problems.Add(At("metadata", $"{manifest.Identity}: metadata.namespace: Required value"));
            return null;
        }

        if (!resource.Namespaced && manifest.Key.Namespace.Length > 0)
        {
            problems.Add(At("metadata.namespace", $"{manifest.Identity}: metadata.namespace: {manifest.Kind} is cluster-scoped and has no namespace"));
            return null;
        }

        return new RevisionObject(file, manifest, resource);
    }
}
