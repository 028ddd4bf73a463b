using System.Globalization;
using Portcullis.Core.Organizations;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>Finds the keys that a declaration stands for, and collects what is wrong with them.</summary>
internal sealed class TrustKeyResolution(Func<string, OrganizationSpec?> organizations, IReadOnlyDictionary<string, SecretKeys> secrets, DateTimeOffset now)
{
    private readonly List<Problem> _problems = [];
    private readonly Dictionary<(string Name, bool IsTeam), IReadOnlyList<RoleSigner>?> _people = [];

    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>The private keys of a Secret.</summary>
    public IReadOnlyList<TufKey> Of(SecretReference? reference, string field)
    {
        if (reference is null)
        {
            return [];
        }

        var found = secrets.GetValueOrDefault(reference.Name) ?? SecretKeys.Unusable($"the Secret {reference.Name} was not read");
        var problem = found.Problem ?? (found.Held.Count == 0 ? $"the Secret {reference.Name} has no private key" : null);
        if (problem is not null)
        {
            _problems.Add(new Problem(TrustReasons.SecretUnusable, field, problem));
        }

        return found.Held;
    }

    /// <summary>The certificate of a key in the same Secret: clients that know the root by it go on when trust data is made anew. Null when there is none.</summary>
    public TufKey? CertificateOf(SecretReference? reference, TufKey key) =>
        reference is null ? null : secrets.GetValueOrDefault(reference.Name)?.Listed.FirstOrDefault(l => l.CanonicalId == key.CanonicalId && l.Certificate is not null);

    /// <summary>The only private key of a Secret.</summary>
    public TufKey? One(SecretReference? reference, string field)
    {
        var held = Of(reference, field);
        if (held.Count > 1)
        {
            _problems.Add(new Problem(TrustReasons.SecretUnusable, field, $"the Secret {reference!.Name} has {held.Count} private keys: it must have one"));
        }

        return held.Count == 0 ? null : held[0];
    }

    public TufKey? OfText(string text, string field, bool certificateMayEnd = false)
    {
        var parsed = TrustKeyText.Read(text, certificateMayEnd ? null : now);
        if (parsed.Problem is not null)
        {
            _problems.Add(new Problem(TrustReasons.SignerUnusable, field, parsed.Problem));
        }

        return parsed.Key;
    }

    public DeclaredRole OfRole(TrustRole role, string field)
    {
        var signers = (role.Signers ?? []).SelectMany((s, i) => OfSigner(s, string.Create(CultureInfo.InvariantCulture, $"{field}.signers[{i}]"))).ToList();
        var once = DeclaredTrust.Once(signers);
        if (once.Count < (role.Threshold ?? 1))
        {
            var lack = once.Count == 0 ? "no key" : FormattableString.Invariant($"{once.Count} keys and the threshold {role.Threshold}");
            var people = (role.Signers ?? []).Select(s => s.Team ?? s.User).OfType<string>().ToList();
            var why = once.Count == 0 && people.Count > 0 ? $"nobody of {string.Join(", ", people)} has a usable key in spec.users[].publicKeys of the Organization, so that " : "";
            _problems.Add(new Problem(TrustReasons.SignerUnusable, $"{field}.signers", $"{why}{role.Name} has {lack}: nobody could sign for it"));
        }

        return new DeclaredRole(role.Name, once, role.Threshold ?? 1, [.. (role.Paths ?? [""]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private IEnumerable<RoleSigner> OfSigner(TrustSigner signer, string field) => signer switch
    {
        { Certificate: { } text } => OfText(text, $"{field}.certificate") is { } key ? [new RoleSigner(key, TrustKeyText.HolderOf(key))] : [],
        { SecretRef: { } secret } => OfSecret(secret, $"{field}.secretRef"),
        { Team: { } team } => OfOrganization(team, $"{field}.team", isTeam: true),
        { User: { } user } => OfOrganization(user, $"{field}.user", isTeam: false),
        _ => [],
    };

    /// <summary>The certificates in it; of a private key without one, its public part.</summary>
    private IEnumerable<RoleSigner> OfSecret(SecretReference reference, string field)
    {
        var found = secrets.GetValueOrDefault(reference.Name) ?? SecretKeys.Unusable($"the Secret {reference.Name} was not read");
        var listed = found.Listed.Select(k => k.CanonicalId).ToHashSet(StringComparer.Ordinal);
        List<TufKey> keys = [.. found.Listed, .. found.Held.Where(k => !listed.Contains(k.CanonicalId))];
        var problem = found.Problem ?? (keys.Count == 0 ? $"the Secret {reference.Name} has neither a certificate nor a key" : null);
        if (problem is not null)
        {
            _problems.Add(new Problem(TrustReasons.SecretUnusable, field, problem));
        }

        return keys.Select(k => new RoleSigner(k, $"Secret {reference.Name}"));
    }

    private IEnumerable<RoleSigner> OfOrganization(string name, string field, bool isTeam)
    {
        // Thousands of roles may name the same team.
        if (!_people.TryGetValue((name, isTeam), out var signers))
        {
            _people[(name, isTeam)] = signers = SignersOf(name, isTeam);
        }

        if (signers is null)
        {
            var (organization, rest) = Parts(name);
            _problems.Add(new Problem(TrustReasons.SignerUnusable, field, organizations(organization) is null ? $"there is no Organization {organization}" : $"the Organization {organization} has no {(isTeam ? "team" : "user")} {rest}"));
        }

        return signers ?? [];
    }

    /// <summary>Null when there is no such team or user. A member without a key cannot sign; a key that cannot be read is the Organization's problem, and shown there.</summary>
    private IReadOnlyList<RoleSigner>? SignersOf(string name, bool isTeam)
    {
        var (organization, rest) = Parts(name);
        var spec = organizations(organization);
        var members = spec is null ? null
            : isTeam ? OrganizationMembers.OfTeam(spec, rest)?.ToHashSet(StringComparer.Ordinal)
            : spec.Users?.Any(u => u.Name == rest) == true ? [rest] : null;
        return members is null ? null :
        [
            .. from user in spec!.Users ?? []
               where members.Contains(user.Name)
               from text in user.PublicKeys ?? []
               let key = TrustKeyText.Read(text, null).Key
               where key is not null
               select new RoleSigner(key, $"{organization}/{user.Name}"),
        ];
    }

    private static (string Organization, string Name) Parts(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return (name[..slash], name[(slash + 1)..]);
    }
}
