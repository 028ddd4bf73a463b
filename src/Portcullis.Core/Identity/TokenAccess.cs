namespace Portcullis.Core.Identity;

/// <summary>One entry of a token's <c>access</c> claim (Docker registry token specification, "Token Format").</summary>
/// <param name="Type"><c>repository</c> or <c>registry</c>.</param>
/// <param name="Name">The resource, as it was asked for.</param>
/// <param name="Actions">In the order in which they were asked for.</param>
/// <param name="Class">The class of the resource; null for none.</param>
public sealed record TokenAccess(string Type, string Name, IReadOnlyList<string> Actions, string? Class = null)
{
    public const string RepositoryType = "repository";
    public const string RegistryType = "registry";

    /// <summary>What a registry needs to see for these actions.</summary>
    public static TokenAccess Repository(string name, RepositoryActions actions) => new(RepositoryType, name, ActionNames.Of(actions));

    /// <summary>Lists the registry's repositories.</summary>
    public static TokenAccess Catalog { get; } = new(RegistryType, "catalog", [ActionNames.All]);
}
