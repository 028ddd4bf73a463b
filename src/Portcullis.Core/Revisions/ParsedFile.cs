using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Revisions;

/// <summary>
/// One object of a file, kept small: thousands stay in memory between revisions. The canonical JSON is its content and
/// <see cref="Digest"/> the digest of that; positions are found again from the file's text when somebody asks.
/// </summary>
public sealed record ParsedManifest
{
    public required string ApiVersion { get; init; }

    public required string Kind { get; init; }

    public required ObjectKey Key { get; init; }

    public required string Digest { get; init; }

    public required byte[] Json { get; init; }

    /// <summary>The line of its first character.</summary>
    public required int Line { get; init; }

    /// <summary>Which document of the file, and the path to the object inside it (empty, or <c>items[2]</c> of a List).</summary>
    public required int Document { get; init; }

    public required string Inside { get; init; }

    public ObjectIdentity Identity => ObjectIdentity.Of(ApiVersion, Kind, Key);

    /// <summary>A fresh copy of the content.</summary>
    public JsonObject ToObject() => (JsonObject)KubernetesJson.Parse(Json)!;
}

/// <summary>Something wrong with a line of a file whose path does not matter yet.</summary>
public sealed record LineProblem(int Line, string Message);

/// <summary>A file's objects and problems. It depends on the bytes alone, so equal blobs share one.</summary>
public sealed record ParsedFile(ReadOnlyMemory<byte> Content, IReadOnlyList<ParsedManifest> Manifests, IReadOnlyList<LineProblem> Problems)
{
    /// <summary>Found when the first problem asks for them: few files ever have any.</summary>
    private IReadOnlyList<YamlPlaces>? _places;

    /// <summary>
    /// Fields of kinds of Kubernetes that the program does not know. Not among <see cref="Problems"/>: a server that is newer than the program may know them.
    /// </summary>
    public IReadOnlyList<LineProblem> UnknownFields { get; init; } = [];

    /// <summary>Objects that are among the problems only.</summary>
    public IReadOnlyList<BrokenManifest> Broken { get; init; } = [];

    /// <summary>The line of a field of one of the objects.</summary>
    public int LineOf(ParsedManifest manifest, string fieldPath)
    {
        if (fieldPath.Length == 0)
        {
            return manifest.Line;
        }

        _places ??= [.. KubernetesYaml.Read(Content.Span).Documents.Select(d => d.Places)];
        return manifest.Document < _places.Count ? _places[manifest.Document].Of(Join(manifest.Inside, fieldPath)).Line : manifest.Line;
    }

    internal static string Join(string prefix, string path)
    {
        if (prefix.Length == 0 || path.Length == 0)
        {
            return prefix + path;
        }

        return path.StartsWith('[') ? prefix + path : $"{prefix}.{path}";
    }
}
