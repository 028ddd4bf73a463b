using Portcullis.Core.Collections;

namespace Portcullis.Core.Signing;

/// <summary>What of a place and a repository a policy covers.</summary>
public static class SigningCoverage
{
    /// <param name="scope">The scope; null covers everything.</param>
    /// <param name="place">Where the image is to run.</param>
    /// <param name="repository">The repository of a declared registry; null for an image of another registry.</param>
    public static bool Covers(SigningScope? scope, SigningPlace place, string? repository) =>
        scope is null
        || ((place.IsAnywhere || (OfCollections(scope, place) && OfNamespaces(scope, place))) && (scope.Repositories is null || (repository is not null && Glob.CoversAny(scope.Repositories, repository))));

    /// <summary>
    /// Whether the policy says who signs a repository: it lists it, or holds everywhere. A policy that names places alone says nothing of who may sign what,
    /// and its source need not have any right on the repository.
    /// </summary>
    public static bool NamesSignersOf(SigningScope? scope, string repository) =>
        scope is null or { Collections: null, Namespaces: null, Repositories: null } || Glob.CoversAny(scope.Repositories, repository);

    private static bool OfCollections(SigningScope scope, SigningPlace place) =>
        scope.Collections is null || (place.Collection is { } at && scope.Collections.Any(c => CollectionPath.IsWithin(at, c.TrimEnd('/'))));

    private static bool OfNamespaces(SigningScope scope, SigningPlace place) => scope.Namespaces is null || (place.Namespace is { } name && Glob.CoversAny(scope.Namespaces, name));
}
