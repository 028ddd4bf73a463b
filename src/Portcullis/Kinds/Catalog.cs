using Microsoft.Extensions.DependencyInjection;
using Portcullis.Collections;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Hardening;
using Portcullis.Core.Identity;
using Portcullis.Core.Kinds;
using Portcullis.Core.Organizations;
using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Roles;
using Portcullis.Core.Scans;
using Portcullis.Core.Signing;
using Portcullis.Core.Sources;
using Portcullis.Core.Trust;
using Portcullis.Core.Webhooks;
using Portcullis.Grants;
using Portcullis.Hardening;
using Portcullis.Identity;
using Portcullis.Organizations;
using Portcullis.Promotions;
using Portcullis.Registries;
using Portcullis.Repositories;
using Portcullis.Roles;
using Portcullis.Scans;
using Portcullis.Signing;
using Portcullis.Sources;
using Portcullis.Trust.Delegations;
using Portcullis.Webhooks;

namespace Portcullis.Kinds;

/// <summary>One kind of the program: its definition, and the registration of what reconciles it (null when nothing does).</summary>
internal sealed record CatalogEntry(KindDefinition Kind, Func<IServiceCollection, IServiceCollection>? Register = null);

/// <summary>
/// All kinds of the program, in the order in which a revision applies them. A new kind is one line in <see cref="Default"/>: CRDs, reading of
/// manifests, validation, tables and the operator's registrations come from it.
/// </summary>
internal sealed class Catalog(IReadOnlyList<CatalogEntry> entries)
{
    public static Catalog Default { get; } = new(
    [
        new(GitSource.KindDefinition, GitSourceServices.AddGitSources),
        new(SourceInventory.KindDefinition),
        new(Organization.KindDefinition, OrganizationServices.AddOrganizations),
        new(IdentityProvider.KindDefinition, IdentityProviderServices.AddIdentityProviders),
        new(AccessRole.KindDefinition, RoleServices.AddAccessRoles),
        new(Collection.KindDefinition, CollectionServices.AddCollections),
        new(Grant.KindDefinition, GrantServices.AddGrants),
        new(Registry.KindDefinition, RegistryServices.AddRegistries),
        new(Repository.KindDefinition, RepositoryServices.AddRepositories),
        new(TagLedger.KindDefinition),
        new(ImageScan.KindDefinition, ScanServices.AddScans),
        new(PromotionPolicy.KindDefinition, PromotionServices.AddPromotions),
        new(TrustDelegation.KindDefinition, DelegationServices.AddTrustDelegations),
        new(SigningPolicy.KindDefinition, SigningServices.AddSigning),
        new(WebhookDelivery.KindDefinition, WebhookServices.AddWebhooks),
        new(NodeHardening.KindDefinition, HardeningServices.AddHardening),
        new(NodeReport.KindDefinition),
    ]);

    public KindSet Kinds { get; } = new([.. entries.Select(e => e.Kind)]);

    public Catalog With(CatalogEntry entry) => new([.. entries, entry]);

    /// <summary>Registers the kinds and what reconciles them.</summary>
    public void Register(IServiceCollection services)
    {
        services.AddSingleton(Kinds);
        foreach (var entry in entries)
        {
            entry.Register?.Invoke(services);
        }
    }
}
