using System.Globalization;
using Portcullis.Core.Registries;

namespace Portcullis.Core.Repositories;

/// <summary>Which tags of a repository can be neither overwritten nor deleted. DTR had one switch for a whole repository; here rules decide, first match first.</summary>
public static class ImmutableTags
{
    /// <summary>The rule that makes a tag immutable, by its field; null when it is not immutable.</summary>
    public static string? RuleFor(RepositorySpec spec, string tag, DateTimeOffset now)
    {
        if (spec.Immutability is not { } immutability || TagName.IsReferrersFallback(tag) || ExceptionFor(immutability, tag, now) is not null)
        {
            return null;
        }

        for (var i = 0; i < immutability.Rules.Count; i++)
        {
            if (Glob.CoversAny(immutability.Rules[i].Tags, tag))
            {
                return immutability.Rules[i].Immutable == false ? null : string.Create(CultureInfo.InvariantCulture, $"spec.immutability.rules[{i}]");
            }
        }

        return null;
    }

    /// <summary>The exceptions that are in force.</summary>
    public static IEnumerable<ImmutabilityException> ExceptionsInForce(RepositorySpec spec, DateTimeOffset now) =>
        (spec.Immutability?.Exceptions ?? []).Where(e => now < e.ExpiresAt);

    /// <summary>When time alone next changes which tags are immutable.</summary>
    public static DateTimeOffset? NextChange(RepositorySpec spec, DateTimeOffset now) => ExceptionsInForce(spec, now).Select(e => (DateTimeOffset?)e.ExpiresAt).Min();

    /// <summary>What DTR answers; the Docker client writes <c>unknown: </c> before it.</summary>
    public static string OverwriteMessage(string host, string repository, string tag) =>
        $"tag={tag} cannot be overwritten because {host}/{repository} is an immutable repository";

    public static string DeleteMessage(string host, string repository, string tag) =>
        $"tag={tag} cannot be deleted because {host}/{repository} is an immutable repository";

    private static ImmutabilityException? ExceptionFor(Immutability immutability, string tag, DateTimeOffset now) =>
        immutability.Exceptions?.FirstOrDefault(e => e.Tag == tag && now < e.ExpiresAt);
}
