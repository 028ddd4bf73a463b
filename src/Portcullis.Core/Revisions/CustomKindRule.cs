using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Crds;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;

namespace Portcullis.Core.Revisions;

/// <summary>
/// CustomResourceDefinitions of a revision, and the objects of the kinds that they bring: no server can judge those before the definition is
/// written (docs/adr/0009). A definition that is itself wrong is reported alone.
/// </summary>
public sealed class CustomKindRule(KindSet kinds) : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var brought = new Dictionary<(string Group, string Kind), CustomKind>();
        foreach (var definition in revision.Of(ClusterKinds.CustomResourceDefinition))
        {
            var problems = ProblemsOf(definition.Value).Select(p => Problem(definition, p.Path, p.Message)).ToList();
            foreach (var problem in problems)
            {
                yield return problem;
            }

            var spec = definition.Value.Object("spec");
            brought.TryAdd((spec.String("group") ?? "", spec.Object("names").String("kind") ?? ""), new CustomKind(definition, problems.Count > 0));
        }

        foreach (var declared in revision.Objects)
        {
            if (brought.TryGetValue((declared.Resource.Group, declared.Resource.Kind), out var kind)
                && !kind.IsBroken && kinds.Find(declared.Resource.ApiVersion, declared.Resource.Kind) is null)
            {
                foreach (var (path, message) in kind.ProblemsOf(declared))
                {
                    yield return Problem(declared, path, message);
                }
            }
        }
    }

    /// <summary>The status is not declared; and the server speaks of a single version's schema by a path that no file has.</summary>
    private static IEnumerable<(string Path, string Message)> ProblemsOf(JsonObject definition) =>
        SchemaProblems.Describe(CrdValidation.Validate(definition).Where(e => !e.Path.StartsWith("status.", StringComparison.Ordinal)))
            .Select(p => (AsWritten(p.Path), AsWritten(p.Message)));

    private static string AsWritten(string text) =>
        text.Replace("spec.validation.openAPIV3Schema", "spec.versions[0].schema.openAPIV3Schema", StringComparison.Ordinal);

    private static RevisionProblem Problem(DeclaredObject declared, string path, string message) =>
        new(declared.PositionOf(path), $"{declared.Resource.Kind} {declared.Key}: {message}");

    /// <summary>One definition with the schemas of its versions, each compiled when its first object is met.</summary>
    private sealed class CustomKind(DeclaredObject definition, bool isBroken)
    {
        private readonly Dictionary<string, CompiledSchema?> _schemas = new(StringComparer.Ordinal);

        public bool IsBroken => isBroken;

        public IEnumerable<(string Path, string Message)> ProblemsOf(DeclaredObject declared)
        {
            var version = declared.Resource.Version;
            var versions = definition.Value.Object("spec").Array("versions")!.OfType<JsonObject>().ToList();
            if (versions.Find(v => v.String("name") == version) is not { } written || written.Flag("served") != true)
            {
                var served = string.Join(", ", versions.Where(v => v.Flag("served") == true).Select(v => v.String("name")));
                return [("apiVersion", $"apiVersion: version {version} is not served by the CustomResourceDefinition at {definition.Position}; it serves {(served.Length == 0 ? "none" : served)}")];
            }

            if (!_schemas.TryGetValue(version, out var schema))
            {
                (schema, _) = CompiledSchema.Compile(StructuralSchema.Parse(written.Object("schema")?["openAPIV3Schema"]));
                _schemas[version] = schema;
            }

            // Names of custom resources are narrower than those of other kinds, which is all that a file was read by.
            return schema is null ? [] : ManifestMetadata.Check(declared.Value, custom: true).Concat(SchemaProblems.Of(schema, declared.Value));
        }
    }
}
