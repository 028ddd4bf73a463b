using Portcullis.Access;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Signing;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Signing;

/// <summary>
/// What is declared about signatures, worked out from the stores and kept until one of their lists changes. The keys of teams are read again only when an
/// Organization's content changes: reading a key costs more than a decision.
/// </summary>
internal sealed class SigningState(IStore<SigningPolicy> policies, IStore<Organization> organizations, IStore<Registry> registries, AccessState access)
{
    private readonly Lock _gate = new();
    private readonly AccessInput<Organization, Organization> _organizations = new(SameContent, o => o);
    private readonly Dictionary<string, string?> _ids = new(StringComparer.Ordinal);
    private (IReadOnlyList<SigningPolicy> Policies, IReadOnlyList<Registry> Registries, IReadOnlyList<Organization> Organizations)? _read;
    private SigningModel _model = SigningModel.Nothing;

    /// <summary>The model of this moment. No model changes once handed out.</summary>
    public SigningModel Current
    {
        get
        {
            lock (_gate)
            {
                var (all, hosts, people) = (policies.List(), registries.List(), _organizations.Take(organizations.List()));
                if (_read is not { } read || !ReferenceEquals(read.Policies, all) || !ReferenceEquals(read.Registries, hosts) || !ReferenceEquals(read.Organizations, people))
                {
                    var teams = _read is { } last && ReferenceEquals(last.Organizations, people) ? _model.Teams : TeamKeys.Of(people, IdOf);
                    (_read, _model) = ((all, hosts, people), new SigningModel(all, hosts, teams));
                }

                return _model;
            }
        }
    }

    /// <summary>
    /// Policies that were confirmed once, were edited since, and whose source has not been read: nobody knows what they ask. One that was never confirmed asks
    /// nothing yet.
    /// </summary>
    public IReadOnlyList<string> Unsettled =>
        policies is IDeclaredStore<SigningPolicy> { IsSettled: false } declared ? [.. declared.Unsettled().Where(p => p.Status?.Declared is not null).Select(p => p.Key.Name).Order(StringComparer.Ordinal)] : [];

    public SigningPlace PlaceOf(string? @namespace) =>
        @namespace is null ? SigningPlace.Nowhere : new SigningPlace(@namespace, access.Current.Tree.OfNamespace(@namespace)?.Path);

    private string? IdOf(string key)
    {
        if (!_ids.TryGetValue(key, out var id))
        {
            _ids[key] = id = TufKeyText.Read(key).Key?.CanonicalId;
        }

        return id;
    }

    private static bool SameContent(Organization left, Organization right) =>
        left.Metadata.Uid == right.Metadata.Uid && left.Metadata.Generation == right.Metadata.Generation && left.Metadata.IsBeingDeleted == right.Metadata.IsBeingDeleted;
}
