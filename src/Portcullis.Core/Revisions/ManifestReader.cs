using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Revisions;

/// <summary>
/// Reads one file into objects: YAML as Kubernetes reads it, then what every object must have, then (for our kinds) the whole
/// schema. Never throws for what a file may hold, and never stops at the first problem.
/// </summary>
public sealed class ManifestReader(KindSet kinds)
{
    public ParsedFile Read(ReadOnlyMemory<byte> content)
    {
        var stream = KubernetesYaml.Read(content.Span);
        var found = new Found();
        found.Problems.AddRange(stream.Errors.Select(e => new LineProblem(e.Position.Line, e.Message)));
        var unread = found.Problems.Count;
        for (var i = 0; i < stream.Documents.Count && !found.IsEnough; i++)
        {
            var document = stream.Documents[i];
            if (document.Root is JsonObject root)
            {
                ReadObject(root, new Place(document, i, ""), found);
            }
            else
            {
                found.Problems.Add(new LineProblem(document.Start.Line, "is not a Kubernetes object: a map with apiVersion, kind and metadata is expected"));
                unread++;
            }
        }

        if (unread > 0)
        {
            found.Broken.Add(BrokenManifest.Anything);
        }

        return new ParsedFile(content, found.Manifests, unread == 0 ? found.Problems : [.. TextHints.Explain(content.Span, found.Problems)])
        {
            Broken = found.Broken,
            UnknownFields = found.UnknownFields,
        };
    }

    private void ReadObject(JsonObject value, Place place, Found found)
    {
        var apiVersion = value.String("apiVersion");
        var kind = value.String("kind");
        if (IsKustomization(value, apiVersion, kind))
        {
            found.Problems.Add(place.At("", "is a kustomization, which is not built here: commit the output of kustomize build, or exclude this file with .sourceignore"));
            found.Broken.Add(BrokenManifest.Anything);
            return;
        }

        if (string.IsNullOrEmpty(apiVersion) || string.IsNullOrEmpty(kind))
        {
            found.Problems.Add(place.At("", $"has no {(string.IsNullOrEmpty(apiVersion) ? "apiVersion" : "kind")}"));
            found.Broken.Add(kind is { Length: > 0 } ? new BrokenManifest(kind, NameOf(value)) : BrokenManifest.Anything);
            return;
        }

        // As kubectl does: a List of any kind is its items.
        if (kind.EndsWith("List", StringComparison.Ordinal) && value["items"] is JsonArray items)
        {
            ReadItems(items, place, found);
        }
        else if (kind == "List" && apiVersion == "v1")
        {
            found.Problems.Add(place.At("items", "items: Required value: a List is a list of objects"));
        }
        else
        {
            ReadSingle(value, apiVersion, kind, place, found);
        }
    }

    /// <summary>kustomize itself lets both be left out.</summary>
    private static bool IsKustomization(JsonObject value, string? apiVersion, string? kind) =>
        (apiVersion is not null && ObjectIdentity.GroupOf(apiVersion) == "kustomize.config.k8s.io")
        || (apiVersion is null && kind is null && value["resources"] is JsonArray && !value.ContainsKey("metadata"));

    private void ReadItems(JsonArray items, Place place, Found found)
    {
        for (var i = 0; i < items.Count && !found.IsEnough; i++)
        {
            var inside = place with { Inside = ParsedFile.Join(place.Inside, string.Create(CultureInfo.InvariantCulture, $"items[{i}]")) };
            if (items[i] is JsonObject item)
            {
                ReadObject(item, inside, found);
            }
            else
            {
                found.Problems.Add(inside.At("", "is not a Kubernetes object"));
            }
        }
    }

    private void ReadSingle(JsonObject value, string apiVersion, string kind, Place place, Found found)
    {
        var before = found.Problems.Count;
        var definition = kinds.Find(apiVersion, kind);
        CheckKind(apiVersion, kind, definition, place, found.Problems);
        found.Problems.AddRange(ManifestMetadata.Check(value, definition is not null || PlainKinds.Knows(apiVersion, kind)).Select(p => place.At(p.Path, $"{Name(value)}: {p.Message}")));
        var hasIdentity = found.Problems.Count == before;
        CheckBuiltIn(value, apiVersion, kind, place, found);
        if (definition is { Declarable: true } && value["metadata"] is JsonObject)
        {
            CheckSchema(value, definition, place, found.Problems);
        }

        // What a schema refuses may still be judged by rules, so that all that is wrong is reported at once.
        if (hasIdentity && Read(value, definition, found.Problems.Count == before, place, found.Problems))
        {
            found.Manifests.Add(Manifest(value, apiVersion, kind, place));
        }

        if (found.Problems.Count == before)
        {
            return;
        }

        // A misspelt kind may be any.
        found.Broken.Add(definition is null && ObjectIdentity.GroupOf(apiVersion) == WellKnown.Group ? BrokenManifest.Anything : new BrokenManifest(kind, NameOf(value)));
    }

    private static void CheckBuiltIn(JsonObject value, string apiVersion, string kind, Place place, Found found)
    {
        foreach (var problem in BuiltInKindCheck.Check(apiVersion, kind, value))
        {
            (problem.IsUnknown ? found.UnknownFields : found.Problems).Add(place.At(problem.Path, $"{Name(value)}: {problem.Message}"));
        }

        found.Problems.AddRange(PlainKinds.Check(apiVersion, kind, value).Select(p => place.At(p.Path, $"{Name(value)}: {p.Message}")));
    }

    private static string? NameOf(JsonObject value) => value.Object("metadata").String("name");

    private void CheckKind(string apiVersion, string kind, KindDefinition? definition, Place place, List<LineProblem> problems)
    {
        if (definition is { Declarable: false })
        {
            problems.Add(place.At("kind", $"{kind} is written by the program and cannot be declared"));
        }
        else if (definition is null && ObjectIdentity.GroupOf(apiVersion) == WellKnown.Group)
        {
            var near = Spelling.Nearest(kind, [.. kinds.Declarable.Select(k => k.Resource.Kind)]);
            problems.Add(place.At("kind", near is null
                ? $"there is no kind {kind} in {apiVersion}"
                : $"there is no kind {kind} in {apiVersion}: write kind: {near} and apiVersion: {WellKnown.Group}/{WellKnown.Version}"));
        }
    }

    private static void CheckSchema(JsonObject value, KindDefinition definition, Place place, List<LineProblem> problems) =>
        problems.AddRange(SchemaProblems.Of(ManifestSchemas.For(definition), value).Concat(MissingValues.Of(value)).Concat(NameProblems(value, definition))
            .Select(p => place.At(p.Path, $"{Name(value)}: {p.Message}")));

    /// <summary>Whether rules can read the object. That it does not read is a problem only where its schema found none.</summary>
    private static bool Read(JsonObject value, KindDefinition? definition, bool fitsSchema, Place place, List<LineProblem> problems)
    {
        try
        {
            return definition is null || (value.Deserialize(definition.Type) is not null && (fitsSchema || (value["spec"] is { } spec && !MissingValues.Any(spec))));
        }
        catch (JsonException e)
        {
            if (fitsSchema)
            {
                var path = (e.Path ?? "").TrimStart('$', '.');
                problems.Add(place.At(path, $"{Name(value)}: {path}: cannot be read"));
            }

            return false;
        }
    }

    private static IEnumerable<(string Path, string Message)> NameProblems(JsonObject value, KindDefinition definition) =>
        definition.NameIsLabelValue && NameOf(value) is { Length: > ObjectNames.LongestLabelValue }
            ? [("metadata.name", $"metadata.name: may have at most {ObjectNames.LongestLabelValue} characters, since it is a label's value on other objects")]
            : [];

    /// <summary>The object as messages name it: as <see cref="ObjectIdentity"/> does, or by its kind alone while its name is none.</summary>
    private static string Name(JsonObject value)
    {
        var metadata = value.Object("metadata");
        var key = new ObjectKey(metadata.String("namespace") ?? "", metadata.String("name") ?? "");
        return ObjectNames.IsSubdomain(key.Name) && (key.Namespace.Length == 0 || ObjectNames.IsSubdomain(key.Namespace))
            ? $"{value.String("kind")} {key}"
            : value.String("kind")!;
    }

    private static ParsedManifest Manifest(JsonObject value, string apiVersion, string kind, Place place)
    {
        if (value["status"] is null or JsonObject { Count: 0 })
        {
            value.Remove("status"); // what generators print; it says nothing
        }

        var metadata = value.Object("metadata")!;
        metadata.Remove("creationTimestamp");
        var json = CanonicalJson.ToBytes(value);
        return new ParsedManifest
        {
            ApiVersion = apiVersion,
            Kind = kind,
            Key = new ObjectKey(metadata.String("namespace") ?? "", metadata.String("name")!),
            Digest = CanonicalJson.Digest(json),
            Json = json,
            Line = place.LineOf(""),
            Document = place.Index,
            Inside = place.Inside,
        };
    }

    /// <summary>What was read so far of a file.</summary>
    private sealed class Found
    {
        public List<ParsedManifest> Manifests { get; } = [];

        public List<BrokenManifest> Broken { get; } = [];

        public List<LineProblem> Problems { get; } = [];

        public List<LineProblem> UnknownFields { get; } = [];

        /// <summary>Whether nobody would read what comes after.</summary>
        public bool IsEnough => Problems.Count + UnknownFields.Count >= ManifestLimits.ProblemsOfAFile;
    }

    /// <summary>The position of an object in a file.</summary>
    private sealed record Place(YamlDocument Document, int Index, string Inside)
    {
        public int LineOf(string path)
        {
            var full = ParsedFile.Join(Inside, path);
            return full.Length == 0 ? Document.Start.Line : Document.PositionOf(full).Line;
        }

        public LineProblem At(string path, string message) => new(LineOf(path), InItsOwnWords(path, message));

        /// <summary>Whoever wrote <c>n: 1</c> looks for n, which YAML 1.1 takes for false.</summary>
        private string InItsOwnWords(string path, string message)
        {
            var full = ParsedFile.Join(Inside, path);
            var written = Document.Places.AsWritten(full);
            return written == full
                ? message
                : $"{message.Replace(path, written[(full.Length - path.Length)..], StringComparison.Ordinal)}; in YAML a key such as y, n, on or off is a boolean unless it is quoted";
        }
    }
}
