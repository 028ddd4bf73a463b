using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Signing;

/// <summary>Everything about signatures that Git declares, at one moment. Immutable.</summary>
public sealed class SigningModel
{
    private readonly IReadOnlyList<SigningPolicy> _policies;
    private readonly Dictionary<string, string> _registries;

    public SigningModel(IEnumerable<SigningPolicy> policies, IEnumerable<Registry> registries, TeamKeys teams)
    {
        _policies = [.. policies.Where(p => !p.Metadata.IsBeingDeleted && !IsKnownUndeclared(p)).OrderBy(p => p.Key)];
        _registries = registries.OrderBy(r => r.Key).DistinctBy(r => ImageName.Normalized(r.Spec.Host), StringComparer.Ordinal)
            .ToDictionary(r => ImageName.Normalized(r.Spec.Host), r => r.Key.Name, StringComparer.Ordinal);
        Teams = teams;
        Strictest = _policies.Count == 0 ? SigningMode.Off : _policies.Max(p => p.Spec.Mode);
    }

    /// <summary>Nothing is declared.</summary>
    public static SigningModel Nothing { get; } = new([], [], TeamKeys.Nothing);

    public TeamKeys Teams { get; }

    /// <summary>The strictest mode of any policy.</summary>
    public SigningMode Strictest { get; }

    /// <summary>Null when there is no such policy.</summary>
    public SigningPolicy? Find(string name) => _policies.FirstOrDefault(p => p.Key.Name == name);

    /// <summary>Null for an image of a host that no Registry declares.</summary>
    public RepositoryId? RepositoryOf(ImageName image) => _registries.TryGetValue(image.Host, out var registry) ? new RepositoryId(registry, image.Repository) : null;

    /// <summary>The policies that cover an image at a place and are not off.</summary>
    /// <param name="image">The image; null for a name that cannot be read: it may stand for an image of any repository.</param>
    /// <param name="place">Where it is to run.</param>
    public IReadOnlyList<SigningPolicy> Covering(ImageName? image, SigningPlace place)
    {
        var repository = image is null ? null : RepositoryOf(image)?.Name;
        return [.. _policies.Where(p => p.Spec.Mode != SigningMode.Off && SigningCoverage.Covers(image is null ? p.Spec.Scope?.Anywhere() : p.Spec.Scope, place, repository))];
    }

    /// <summary>Nothing is acted upon that no source declares. Stores of declared objects leave it out anyway; a command reads the cluster's own.</summary>
    private static bool IsKnownUndeclared(SigningPolicy policy) => policy.Status?.Conditions?.Any(c => c is { Type: ConditionTypes.Declared, Status: ConditionTypes.False }) == true;

    /// <summary>Whether a user is a member of a team that must sign what is in a repository, so that he must be able to pull it before it is signed.</summary>
    public bool IsSignerOf(string user, string repository) => _policies.Any(p =>
        p.Spec.Mode != SigningMode.Off
        && SigningCoverage.NamesSignersOf(p.Spec.Scope, repository)
        && p.Spec.Teams().Any(t => Teams.Find(t.Team)?.MemberKeys.ContainsKey(user) == true));
}
