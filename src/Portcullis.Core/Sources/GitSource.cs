using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;
using Portcullis.Core.Scopes;

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

    /// <summary>How far it is trusted.</summary>
    public ScopeHolder ToScopeHolder(string rootSource) => new(Key.Name, Key.Name == rootSource, Spec.Scope ?? new SourceScope(), Spec.Verify is not null);

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A Git repository whose manifests are applied to the cluster.",
        Columns =
        [
            new PrinterColumn("Revision", ".status.lastAppliedRevision"),
            new PrinterColumn("Pending", ".status.pendingCount", "integer", 1),
            new PrinterColumn("URL", ".spec.url", Priority: 1),
        ],
    })
    {
        NameIsLabelValue = true,
        MustBeDeclared = _ => true,
        Rules = [new GitSourceRule()],
    };
}
