using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Core.Revisions;
using Portcullis.Core.Scopes;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Schemas.Crds;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;
using Portcullis.Sources.Fetch;
using Portcullis.Sources.Validate;
using Portcullis.Testing;

namespace Portcullis.Tools.Fuzzing;

/// <summary>What stands in files: of a repository, and of a node.</summary>
internal static class FileTargets
{
    private static readonly RevisionSurroundings Root = new() { Holder = new ScopeHolder("root", true, new SourceScope(), false) };

    private static readonly RevisionSurroundings Scoped = new() { Holder = new ScopeHolder("web", false, new SourceScope { Collections = ["/web"], Kinds = ["Grant"], Namespaces = ["web-*"] }, false) };

    /// <summary>Patterns, and paths to match with them.</summary>
    public static void SourceIgnore(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        var filter = new ManifestFilter(parts[0]);
        foreach (var path in parts[1].Split('\n').Take(50))
        {
            var once = filter.Accepts(path);
            FuzzTargets.Expect(once == filter.Accepts(path), "the same path is answered in two ways");
            FuzzTargets.Expect(!once || filter.Reaches(path, isFolder: false), "a file is read and not reached");
        }
    }

    /// <summary>What was read is written and read again as the same.</summary>
    public static void Yaml(byte[] input)
    {
        foreach (var document in KubernetesYaml.Read(input).Documents)
        {
            var again = KubernetesYaml.Read(Encoding.UTF8.GetBytes(KubernetesYaml.Write(document.Root)));
            FuzzTargets.Expect(again.Errors.Count == 0 && again.Documents.Count <= 1, $"what was written does not read: {string.Join("; ", again.Errors)}");
            FuzzTargets.Expect(again.Documents.Count == 0 || CanonicalJson.AreEqual(again.Documents[0].Root, document.Root), "what was written reads as something else");
            _ = document.PositionOf("spec.rules[0].name");
        }
    }

    /// <summary>A file as a whole revision, of the root source and of another.</summary>
    public static void Manifests(byte[] input)
    {
        var kinds = CoreKinds.All;
        var files = new[] { new RevisionFile("a.yaml", new ManifestReader(kinds).Read(input)) };
        var brought = DeclaredKinds.Of(files);
        var content = RevisionContent.Assemble(files, kinds, (apiVersion, kind) => BuiltInKinds.Find(apiVersion, kind) ?? brought.GetValueOrDefault((apiVersion, kind)));
        var problems = RevisionJudgement.Problems(content, [], Root, kinds);
        FuzzTargets.Expect(problems.All(p => p.Position.Line >= 1 && p.Message.Length < 64 * 1024), "a problem without a line, or without an end");
        FuzzTargets.Expect(RevisionJudgement.Problems(content, [], Root, kinds).SequenceEqual(problems), "judged twice in two ways");
        _ = RevisionJudgement.ProblemsOfPart(content, [], Scoped, kinds);
    }

    /// <summary>A definition, and an object of its kind.</summary>
    public static void Definition(byte[] input)
    {
        var objects = KubernetesYaml.Read(input).Documents.Select(d => d.Root).OfType<JsonObject>().ToList();
        if (objects.Count == 0)
        {
            return;
        }

        _ = CrdValidation.Validate(objects[0]);
        var version = objects[0].Object("spec").Array("versions")?.OfType<JsonObject>().FirstOrDefault();
        var (schema, _) = CompiledSchema.Compile(StructuralSchema.Parse(version.Object("schema")?["openAPIV3Schema"]));
        foreach (var one in schema is null ? [] : objects.Skip(1).Take(3))
        {
            _ = schema!.UnknownFields(one);
            schema.ApplyDefaults(one);
            _ = schema.Validate(one);
            _ = schema.Prune(one);
        }
    }

    /// <summary>A file of a node, and the keys to set in it: the others keep their bytes.</summary>
    public static void DaemonFile(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        DaemonJson file;
        JsonObject wanted;
        try
        {
            file = DaemonJson.Parse(Encoding.UTF8.GetBytes(parts[0]));
            wanted = KubernetesJson.Parse(Encoding.UTF8.GetBytes(parts[1])) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return;
        }

        var set = wanted.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!, StringComparer.Ordinal);
        foreach (var (key, value) in set)
        {
            _ = DaemonKeyCheck.OnAnyEngine(key, value);
        }

        var written = DaemonJson.Parse(file.With(set, new HashSet<string>(["debug"], StringComparer.Ordinal)).ToBytes());
        foreach (var (key, value) in file.Values.Where(p => p.Key != "debug" && !set.ContainsKey(p.Key)))
        {
            FuzzTargets.Expect(CanonicalJson.AreEqual(written.Values[key], value), $"the foreign key {key} changed");
        }

        FuzzTargets.Expect(set.All(p => p.Key == "debug" || CanonicalJson.AreEqual(written.Values[p.Key], p.Value)), "a key was not set");
    }
}
