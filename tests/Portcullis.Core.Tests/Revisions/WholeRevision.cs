using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Scopes;
using Portcullis.Core.Sources;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Revisions;

/// <summary>A revision as a source brings it, judged as the operator judges it: the files, the rules across them, the scope of the source.</summary>
internal sealed record WholeRevision(IReadOnlyList<RevisionFile> Files, IReadOnlyList<JsonObject> InForce, JsonObject Source)
{
    private static readonly string[] Reserved = ["in-force.yaml", "source.yaml"];

    public static WholeRevision Read(string folder) => new(
        [
            .. Directory.EnumerateFiles(folder, "*.yaml")
                .Where(f => !Reserved.Contains(Path.GetFileName(f)))
                .Order(StringComparer.Ordinal)
                .Select(f => new RevisionFile(Path.GetFileName(f), new ManifestReader(CoreKinds.All).Read(File.ReadAllBytes(f)))),
        ],
        Documents(Path.Combine(folder, "in-force.yaml")),
        Documents(Path.Combine(folder, "source.yaml")).SingleOrDefault() ?? new JsonObject { ["root"] = true, ["verified"] = true });

    public WholeRevision Reversed() => this with { Files = [.. Files.Reverse()] };

    public IReadOnlyList<string> Problems()
    {
        var content = RevisionContent.Assemble(Files, CoreKinds.All, BuiltInKinds.Find);
        var revision = content.ToDeclared([], InForce);
        return
        [
            .. content.With(RevisionRules.Check(revision, CoreKinds.All).Concat(ScopeCheck.Check(revision, Holder(), CoreKinds.All, OwnerOf)))
                .OrderBy(p => p.Position.File, StringComparer.Ordinal).ThenBy(p => p.Position.Line).ThenBy(p => p.Message, StringComparer.Ordinal)
                .Select(p => p.ToString()),
        ];
    }

    private ScopeHolder Holder() => new(
        Source.String("name") ?? "team",
        Flag("root"),
        Source.Object("scope") is { } scope ? scope.Deserialize(SourcesJsonContext.Default.SourceScope)! : new SourceScope(),
        Flag("verified"));

    private string? OwnerOf(DeclaredObject one) => InForce
        .FirstOrDefault(o => o.String("apiVersion") == one.Resource.ApiVersion && o.String("kind") == one.Resource.Kind && KeyOf(o) == one.Key)
        .Object("metadata").Object("labels").String(WellKnown.Labels.Source);

    private static ObjectKey KeyOf(JsonObject value) =>
        new(value.Object("metadata").String("namespace") ?? "", value.Object("metadata").String("name")!);

    private bool Flag(string name) => Source[name]?.GetValue<bool>() == true;

    private static List<JsonObject> Documents(string file) =>
        File.Exists(file) ? [.. KubernetesYaml.Read(File.ReadAllBytes(file)).Documents.Select(d => (JsonObject)d.Root)] : [];
}
