using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Sources;

/// <summary>A Git repository whose manifests are made true in the cluster, and how far that has come.</summary>
public sealed record GitSource : Resource<GitSourceSpec, GitSourceStatus>, IResource<GitSource>, IControlled<GitSourceStatus>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "GitSource", "gitsources", false)
    {
        ShortNames = ["gsrc"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<GitSource> JsonType => SourcesJsonContext.Default.GitSource;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A Git repository whose manifests are made true in the cluster.",
        Columns =
        [
            new PrinterColumn("Revision", ".status.lastAppliedRevision"),
            new PrinterColumn("Pending", ".status.pendingCount", "integer", 1),
            new PrinterColumn("URL", ".spec.url", Priority: 1),
        ],
    });
}
