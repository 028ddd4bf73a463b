using Portcullis.Core.Identity;
using Portcullis.Identity.Stored;

namespace Portcullis.Tests.Tokens;

/// <summary>What is known of callers, as a test says.</summary>
internal sealed class TestFacts : ICallerFacts
{
    public Dictionary<string, AccessTokenLimit> Limits { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, IReadOnlyCollection<string>> Groups { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> GroupsOf(string user, IReadOnlyCollection<string> reported) => [.. reported, .. Groups.GetValueOrDefault(user) ?? []];

    public AccessTokenLimit? LimitOf(string accessToken, string user, string? proof) => Limits.GetValueOrDefault(accessToken);
}
