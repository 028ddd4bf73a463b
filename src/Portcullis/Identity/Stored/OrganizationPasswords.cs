using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core;
using Portcullis.Core.Identity;
using Portcullis.Core.Organizations;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;

namespace Portcullis.Identity.Stored;

/// <summary>
/// The password hashes of users, from the Secrets that their Organizations name. A Secret counts only when it is labelled for the source that
/// declared the Organization, as everywhere.
/// </summary>
internal sealed class OrganizationPasswords(OrganizationUsers users, IStore<SourceSecret> secrets, DeclaringSources sources)
{
    // A store hands out one object until it changes, so each is read once.
    private readonly ConditionalWeakTable<SourceSecret, IReadOnlyDictionary<string, string>> _read = [];

    /// <summary>A user's bcrypt hash; null for none. Of several Organizations the first by name decides.</summary>
    public string? HashOf(string user) => users.Of(user).Select(o => HashIn(o, user)).FirstOrDefault(h => h is not null);

    /// <summary>What keeps a user whom an Organization lists from having a password by its Secret; null when no Organization with a Secret lists him.</summary>
    public string? WhyNone(string user) => users.Of(user).Select(o => WhyNoneIn(o, user)).FirstOrDefault(w => w is not null);

    /// <summary>Stands for a hash in a refresh token, which ends when the hash changes, be it to one of the same password.</summary>
    public static string FingerprintOf(string hash) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash)).AsSpan(0, 16));

    private string? HashIn(Organization organization, string user) =>
        SecretOf(organization) is { } secret ? _read.GetValue(secret, Read).GetValueOrDefault(user) : null;

    private string? WhyNoneIn(Organization organization, string user) => organization.Spec.PasswordsSecretRef?.Name switch
    {
        null => null,
        var name when SecretOf(organization) is null =>
            $"the Organization {organization.Key} lists him, but there is no Secret {name} in the namespace {WellKnown.SystemNamespace} with the label {WellKnown.Labels.AllowedSource}={sources.Of(organization)}",
        var name when HashIn(organization, user) is null => $"the Organization {organization.Key} lists him, but its Secret {name} has no bcrypt hash of his: neither a key of his name nor a line under {PasswordHashes.FileKey}",
        _ => null,
    };

    private SourceSecret? SecretOf(Organization organization) =>
        organization.Spec is { PasswordsSecretRef.Name: { } name } && sources.Of(organization) is { Length: > 0 } source
        && secrets.Get(new ObjectKey(WellKnown.SystemNamespace, name)) is { Metadata.IsBeingDeleted: false } secret
        && secret.Metadata.Label(WellKnown.Labels.AllowedSource) == source
            ? secret
            : null;

    private static IReadOnlyDictionary<string, string> Read(SourceSecret secret) =>
        PasswordHashes.Read((secret.Data ?? new Dictionary<string, string>()).Keys.Select(k => KeyValuePair.Create(k, SecretText.Of(secret.Data, k) ?? "")));
}
