using Portcullis.Core.Kinds;

namespace Portcullis.Core.Signing;

/// <summary>
/// What a policy uses: the places and repositories that it narrows, and the teams whose members it lets past the signature bar of the repositories that it
/// lists. One without a scope holds for everybody, and is left to the root source.
/// </summary>
internal static class SigningClaims
{
    private static readonly string[] PlatformNamespaces = ["kube-*", "default", "portcullis-*"];

    public static IEnumerable<ScopeClaim> Of(SigningPolicySpec spec)
    {
        var scope = spec.Scope ?? new SigningScope();
        if (scope is { Collections: null, Namespaces: null, Repositories: null })
        {
            yield return new ScopeClaim.RootOnly("spec.scope", "declare a SigningPolicy that holds everywhere");
        }

        for (var i = 0; i < (scope.Collections?.Count ?? 0); i++)
        {
            yield return new ScopeClaim.Collection($"spec.scope.collections[{i}]", scope.Collections![i]);
        }

        for (var i = 0; i < (scope.Namespaces?.Count ?? 0); i++)
        {
            yield return OfNamespaces($"spec.scope.namespaces[{i}]", scope.Namespaces![i]);
        }

        for (var i = 0; i < (scope.Repositories?.Count ?? 0); i++)
        {
            yield return new ScopeClaim.Repository($"spec.scope.repositories[{i}]", scope.Repositories![i]);
        }

        for (var i = 0; i < spec.Teams().Count; i++)
        {
            yield return new ScopeClaim.Subject($"spec.required[{i}].team", $"Team:{spec.Teams()[i].Team}");
        }
    }

    /// <summary>A pattern that some namespace of the platform matches is for a source that may have any.</summary>
    private static ScopeClaim OfNamespaces(string field, string pattern) =>
        pattern.Contains('*', StringComparison.Ordinal) && PlatformNamespaces.Any(p => Glob.Overlap(p, pattern)) ? new ScopeClaim.AnyNamespace(field) : new ScopeClaim.Namespace(field, pattern);
}
