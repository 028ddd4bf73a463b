using Portcullis.Core.Identity;
using Portcullis.Core.Organizations;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Secrets;

namespace Portcullis.Organizations;

/// <summary>Reports what an organization amounts to, and whether its users' passwords can be read; grants that name it put it into force.</summary>
internal sealed class OrganizationReconciler(BoundSecrets secrets, DeclaringSources sources, SecretDependents<Organization> dependents)
    : IReconciler<Organization, OrganizationStatus>
{
    public async Task<Reconciled<OrganizationStatus>> ReconcileAsync(Organization resource, ReconcileContext context, CancellationToken cancellationToken) =>
        OrganizationJudge.Judge(resource.Spec, await PasswordsProblemAsync(resource, cancellationToken));

    private async Task<string?> PasswordsProblemAsync(Organization organization, CancellationToken cancellationToken)
    {
        if (organization.Spec.PasswordsSecretRef is not { Name: var name })
        {
            return null;
        }

        dependents.Watch(o => o.Spec.PasswordsSecretRef is null ? null : sources.Of(o));
        try
        {
            var secret = await secrets.ReadAsync(sources.Of(organization), name, cancellationToken);
            return PasswordHashes.ProblemOf(secret.Data, OrganizationMembers.Of(organization.Spec)) is { } problem ? $"the Secret {name}: {problem}" : null;
        }
        catch (BoundSecretException e)
        {
            return e.Message;
        }
    }
}
