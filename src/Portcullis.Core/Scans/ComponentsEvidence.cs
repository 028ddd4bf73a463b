using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Attestations;
using Portcullis.Core.Components;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Scans;

/// <summary>
/// What was found in the layers of an image, as a statement that is attached to it. It is bound to the image, to each of its layers and to the version
/// of the scanner, so that it is evidence of no other image and of no other reading.
/// </summary>
public sealed record ComponentsEvidence(string ScannerVersion, IReadOnlyList<LayerInventory> Layers)
{
    public const string ArtifactType = "application/vnd.portcullis.components.v1";

    public const string PredicateType = "https://portcullis.dev/attestations/components/v1";

    /// <param name="image">The image's name without a tag.</param>
    /// <param name="digest">Its digest.</param>
    public InTotoStatement ToStatement(string image, string digest) => InTotoStatement.About(image, digest, PredicateType, new JsonObject
    {
        ["scannerVersion"] = ScannerVersion,
        ["layers"] = JsonSerializer.SerializeToNode(Layers, InventoriesJsonContext.Default.IReadOnlyListLayerInventory),
    });

    /// <summary>What a statement says, when it is about this image and these layers and by this version of the scanner; else null.</summary>
    /// <param name="statement">Whose signature was verified.</param>
    /// <param name="digest">The image.</param>
    /// <param name="layers">The digests of its layers as its manifest names them, the lowest first.</param>
    /// <param name="scannerVersion">The present version.</param>
    public static ComponentsEvidence? Of(InTotoStatement statement, string digest, IEnumerable<string> layers, string scannerVersion) =>
        Read(statement, digest, scannerVersion) is { } found && found.Layers.Select(l => l.Digest).SequenceEqual(layers, StringComparer.Ordinal) ? found : null;

    /// <summary>The same where it is certain that the operator attached it to this image.</summary>
    public static ComponentsEvidence? Read(InTotoStatement statement, string digest, string scannerVersion)
    {
        if (statement.PredicateType != PredicateType || !statement.IsAbout(digest) || statement.Predicate.String("scannerVersion") != scannerVersion)
        {
            return null;
        }

        try
        {
            return statement.Predicate.Array("layers")?.Deserialize(InventoriesJsonContext.Default.IReadOnlyListLayerInventory) is { } layers ? new ComponentsEvidence(scannerVersion, layers) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
